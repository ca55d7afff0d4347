import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFlow } from './read-flow.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'idsync-flow-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (password: string, variables?: ReadonlyMap<string, string>) => {
  const steps = [{ id: 'in', type: 'datasource.read.sftp', params: { host: 'h', username: 'u', password, remotePath: '/' }, next: [] }];
  await writeFile(path.join(folder, 'flow.json'), JSON.stringify({ steps }));
  return readFlow(path.join(folder, 'flow.json'), variables);
};

describe('a flow file', () => {
  it('gets its variables filled in, and keeps the ones nobody named', async () => {
    const { document } = await read('{{secret}}-{{other}}-{{constructor}}', new Map([['secret', 'x']]));
    expect(document?.steps[0]?.params?.password).toBe('x-{{other}}-{{constructor}}');
  });

  it('is refused with a mask in place of a secret, as an exported flow has it', async () => {
    const { issues } = await read('********');
    expect(issues).toContainEqual(expect.objectContaining({ code: 'masked-secret', severity: 'error', step: 'in' }));
  });

  it('that is not there is named', async () => {
    await expect(readFlow(path.join(folder, 'none.json'))).rejects.toThrow(/There is no file .*none\.json/);
  });
});
