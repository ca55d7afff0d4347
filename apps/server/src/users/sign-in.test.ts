import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const attempt = (password: string) =>
  fetch(`${server.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: server.url,
      'x-idsync-client-address': `10.0.0.${Math.floor(Math.random() * 250)}`,
    },
    body: JSON.stringify({ email: 'admin@example.com', password }),
  });

it('sets a session cookie that scripts cannot read and other sites do not send', async () => {
  const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ email: 'viewer@example.com', password: 'correct horse battery' }),
  });
  expect(response.headers.get('set-cookie')).toMatch(/HttpOnly/i);
  expect(response.headers.get('set-cookie')).toMatch(/SameSite=Lax/i);
});

it('answers 429 after too many attempts, whatever address a client claims to have', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await attempt('wrong password')).status);
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});
