import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../json.ts';
import type { CallLog } from './call-log.ts';
import { type GigyaFaults, parseFaults } from './faults.ts';
import { readBody } from './read-request.ts';
import type { AccountStore } from './store/account-store.ts';

/** Something about the sandbox that can be seen, and maybe set, over HTTP below /_sandbox/. */
export interface SideDoor {
  show(): JsonObject;
  /** Throws an error in plain words when the value makes no sense. */
  set?(value: Json): void;
  clear?(): void;
}

/** Answers GET, POST and DELETE of a side door with what it shows afterwards. */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  doors: Readonly<Record<string, SideDoor>>,
): Promise<void> {
  const name = (request.url ?? '').replace('/_sandbox/', '');
  const door = Object.hasOwn(doors, name) ? doors[name] : undefined;
  if (!door)
    return reply(response, 404, {
      error: `There is only ${Object.keys(doors)
        .map((one) => `/_sandbox/${one}`)
        .join(', ')}`,
    });
  try {
    if (request.method === 'POST' && door.set) door.set(JSON.parse(await readBody(request)) as Json);
    else if (request.method === 'DELETE' && door.clear) door.clear();
    else if (request.method !== 'GET') return reply(response, 405, { error: `${request.method} is not possible here` });
    reply(response, 200, door.show());
  } catch (error) {
    reply(response, 400, { error: error instanceof Error ? error.message : 'Unreadable request' });
  }
}

export function faultsDoor(faults: GigyaFaults): SideDoor {
  return {
    show: () => ({ faults: listOf(faults) }),
    set: (value) => faults.set(...parseFaults(value)),
    clear: () => faults.clear(),
  };
}

export function statsDoor({ log, faults, accounts }: { log: CallLog; faults: GigyaFaults; accounts: AccountStore }): SideDoor {
  return {
    show: () => ({ calls: { ...log.byMethod }, answers: { ...log.byErrorCode }, accounts: accounts.count, faults: listOf(faults) }),
  };
}

function listOf(faults: GigyaFaults): Json[] {
  return faults.list().map(({ fault, hits }) => ({ ...fault, hits }));
}

function reply(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
