import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import { messageOf } from '../error-codes.ts';
import type { Parameters } from '../parameters.ts';
import { seedEvents } from './seed-events.ts';
import { isoOf, type SeedWorld } from './seed-world.ts';

/** Live events kept; of more the oldest are forgotten, as the platform forgets them after a year. */
const mostLiveEvents = 20_000;
const unlogged = /^(?:sig|nonce|timestamp|secret|apikey|userkey|format|httpstatuscodes|password|newpassword)$/i;

export interface AuditedCall {
  apiMethod: string;
  params: Parameters;
  apiKey: string;
  userKey: string;
  errorCode: number;
}

/** What was done at the site: a made-up year, then the audited calls of this server. Rows are numbered for ever. */
export class AuditLog {
  readonly #world: SeedWorld;
  readonly #clock: () => number;
  readonly #live: JsonObject[] = [];
  #forgotten = 0;
  #seeded: JsonObject[] | undefined;

  constructor(world: SeedWorld, clock: () => number) {
    this.#world = world;
    this.#clock = clock;
  }

  count(): number {
    return this.#seeds.length + this.#forgotten + this.#live.length;
  }

  recordAt(row: number): JsonObject | undefined {
    return this.#seeds[row] ?? this.#live[row - this.#seeds.length - this.#forgotten];
  }

  note({ apiMethod, params, apiKey, userKey, errorCode }: AuditedCall): void {
    const sent = params.entries.filter(([name]) => !unlogged.test(name));
    const uid = params.text('UID');
    this.#live.push({
      '@timestamp': isoOf(this.#clock()),
      callID: randomUUID().replaceAll('-', ''),
      errCode: String(errorCode),
      errMessage: errorCode === 0 ? 'OK' : messageOf(errorCode),
      endpoint: apiMethod,
      apikey: apiKey,
      userKey,
      sourceIP: '127.0.0.1',
      params: Object.fromEntries(sent),
      ...(uid === undefined ? {} : { uid }),
    });
    if (this.#live.length <= mostLiveEvents) return;
    this.#live.shift();
    this.#forgotten++;
  }

  get #seeds(): JsonObject[] {
    this.#seeded ??= [...seedEvents(this.#world)];
    return this.#seeded;
  }
}
