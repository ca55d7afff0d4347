import { demoSite } from '../../demo.ts';
import type { JsonObject } from '../../json.ts';
import { Dice } from '../../population/dice.ts';
import { messageOf } from '../error-codes.ts';
import { dayMs, isoOf, type SeedWorld, someUid } from './seed-world.ts';

const eventCount = 2000;

/** Endpoint, and the code it fails with when it fails. */
const endpoints: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['accounts.login', 403042],
  ['accounts.login', 403042],
  ['accounts.socialLogin', 403007],
  ['accounts.register', 400009],
  ['accounts.setAccountInfo', 400009],
  ['accounts.resetPassword', 403047],
  ['accounts.deleteAccount', 403007],
];

/** A year of the audit log, oldest first, in the shape of the platform's AuditLog object. */
export function* seedEvents(world: SeedWorld): Generator<JsonObject> {
  for (let i = 0; i < eventCount; i++) {
    const dice = new Dice(world.seed, i, 0xa0d);
    const timeMs = Math.floor(world.epoch - ((eventCount - i) / eventCount) * 364 * dayMs);
    const [endpoint, failure] = dice.pick(endpoints);
    const errorCode = dice.chance(0.85) ? 0 : failure;
    // Who was deleted is not in the population any more; its UIDs after the last one are nobody's.
    const uid = endpoint === 'accounts.deleteAccount' && errorCode === 0 ? goneUid(world, i) : someUid(world, dice.below(10_000));
    yield {
      '@timestamp': isoOf(timeMs),
      callID: dice.hex(32),
      errCode: String(errorCode),
      errMessage: errorCode === 0 ? 'OK' : messageOf(errorCode),
      endpoint,
      apikey: demoSite.apiKey,
      userKey: demoSite.userKey,
      userKeyDetails: { name: 'Console', description: 'Console user', emailDomain: 'example.com' },
      authType: 'user key',
      sourceIP: `192.0.2.${1 + dice.below(254)}`,
      httpReq: { SDK: dice.pick(['js_latest', 'server_java', 'ios_7', 'android_7']), country: dice.pick(['DE', 'US', 'FR', 'JP']) },
      userAgent: { os: dice.pick(['Windows', 'iOS', 'Android', 'macOS']), browser: dice.pick(['Chrome', 'Safari', 'Firefox']) },
      params: { UID: uid, lang: dice.pick(['en', 'de', 'fr']), ...(endpoint === 'accounts.socialLogin' ? { x_provider: 'facebook' } : {}) },
      uid,
    };
  }
}

const goneUid = ({ population }: SeedWorld, event: number): string => population.uidOf(population.size + event);
