import os from 'node:os';
import type { DataflowDocument, SiteCredentials } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import { startEngineProcess } from './engine-process.ts';

const TIMEOUT_MS = 30_000;

/** Tests the connection of the document's only step in an engine process of its own. */
export async function tryConnection(
  { access }: Pick<Services, 'access'>,
  { document, site }: { document: DataflowDocument; site?: SiteCredentials },
): Promise<{ ok: boolean; message: string }> {
  const answer = Promise.withResolvers<{ ok: boolean; message: string }>();
  const engine = startEngineProcess({
    memoryMb: 128,
    onMessage: (message) => {
      if (message.type === 'ready') engine.send({ type: 'try-connection', document, site, access, spoolFolder: os.tmpdir() });
      if (message.type === 'tried') answer.resolve({ ok: message.ok, message: message.message });
    },
  });
  const timer = setTimeout(() => {
    answer.resolve({ ok: false, message: `No answer within ${TIMEOUT_MS / 1000} seconds. Check host, port and firewall.` });
    engine.kill();
  }, TIMEOUT_MS);
  void engine.ended.then((why) => answer.resolve({ ok: false, message: why }));
  const result = await answer.promise;
  clearTimeout(timer);
  await engine.ended;
  return result;
}
