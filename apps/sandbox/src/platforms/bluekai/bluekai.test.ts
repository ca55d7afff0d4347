import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { bluekai, bluekaiDemo } from './bluekai.ts';

let server: PlatformsServer<'bluekai'>;
beforeAll(async () => {
  server = await startPlatforms([bluekai]);
});
afterAll(() => server.stop());

/** Calls as the platform's own code sample signs. */
async function ask(path: string, parts: [string, string][], { bkuid, secretKey } = bluekaiDemo as { bkuid: string; secretKey: string }) {
  const values = parts.map(([, value]) => encodeURIComponent(value));
  const sig = createHmac('sha256', secretKey)
    .update(`GET${path}${values.join('')}`)
    .digest('base64');
  const query = parts.map(([name], i) => `${name}=${values[i]}`).join('&');
  const answer = await fetch(`${server.platforms.bluekai.url}${path}?${query}&bkuid=${bkuid}&bksig=${encodeURIComponent(sig)}`);
  return [answer.status, ((await answer.json()) as { message?: string }).message];
}

describe('the BlueKai stand-in', () => {
  it('takes signed calls', async () => {
    expect(
      await ask('/getdata/48419/v1.2', [
        ['puserid', 'ü 1'],
        ['phint', 'a=b c'],
      ]),
    ).toEqual([200, undefined]);
    expect(server.platforms.bluekai.state()).toEqual({ users: { 'ü 1': { a: ['b c'] } } });
  });

  const user: [string, string][] = [['puserid', '1']];
  const path = '/getdata/48419/v1.2';
  it.each([
    { what: 'another key', answer: [403, 'Invalid bksig'], keys: { ...bluekaiDemo, secretKey: 'x' } },
    { what: 'an unknown user key', answer: [403, 'Unknown bkuid'], keys: { ...bluekaiDemo, bkuid: 'x' } },
    { what: 'another site', answer: [400, 'Site 7 does not belong to this partner'], at: '/getdata/7/v1.2' },
    { what: 'another version', answer: [400, 'Unsupported version'], at: '/getdata/48419/v9' },
    { what: 'no user', answer: [400, 'userid or puserid is required'], parts: [['phint', 'a=b']] },
    { what: 'a hint without value', answer: [400, "phint 'a' is not key=value"], parts: [...user, ['phint', 'a']] },
    { what: 'an address too long', answer: [400, 'Request-URI too long'], parts: [['puserid', 'x'.repeat(8200)]] },
  ] as { what: string; answer: unknown; at?: string; parts?: [string, string][]; keys?: typeof bluekaiDemo }[])(
    'refuses $what',
    async ({ answer, at = path, parts = user, keys = bluekaiDemo }) => {
      expect(await ask(at, parts, keys)).toEqual(answer);
    },
  );
});
