import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../json.ts';
import type { Desk } from './answer-call.ts';
import { parseFaults } from './faults.ts';
import { readBody } from './read-request.ts';

/** The server's own side door: GET /_sandbox/stats, GET, POST and DELETE /_sandbox/faults. */
export async function answerControl(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  try {
    const answer = await act(request, desk);
    reply(response, answer ? 200 : 404, answer ?? { error: 'Ask for GET /_sandbox/stats or GET, POST or DELETE /_sandbox/faults' });
  } catch (error) {
    reply(response, 400, { error: error instanceof Error ? error.message : 'Unreadable request' });
  }
}

async function act(request: IncomingMessage, { site, faults, log }: Desk): Promise<JsonObject | undefined> {
  const action = `${request.method} ${request.url}`;
  if (action === 'GET /_sandbox/stats') {
    return { calls: { ...log.byMethod }, answers: { ...log.byErrorCode }, accounts: site.accounts.count, faults: listed() };
  }
  if (action === 'POST /_sandbox/faults') faults.set(...parseFaults(JSON.parse(await readBody(request)) as Json));
  else if (action === 'DELETE /_sandbox/faults') faults.clear();
  else if (action !== 'GET /_sandbox/faults') return undefined;
  return { faults: listed() };

  function listed(): Json[] {
    return faults.list().map(({ fault, hits }) => ({ ...fault, hits }));
  }
}

function reply(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
