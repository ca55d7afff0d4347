import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { openAuth } from './auth.ts';
import { ensureAdmin } from './ensure-admin.ts';

let server: TestServer;
let dataFolder: string;
beforeAll(async () => {
  server = await startTestServer();
  dataFolder = await mkdtemp(path.join(os.tmpdir(), 'idsync-admin-'));
  await server.services.prisma.user.deleteMany();
});
afterAll(async () => {
  await server.stop();
  await rm(dataFolder, { recursive: true });
});

const ensure = (adminPassword?: string) => {
  const { services, env } = server;
  return ensureAdmin({ ...services, auth: openAuth({ ...services, env }), env: { adminPassword, dataFolder } });
};

it('makes the first administrator with a random password that only its owner reads, and tells it again at the next start', async () => {
  const password = await ensure();
  const file = path.join(dataFolder, 'admin-password');
  expect((await readFile(file, 'utf8')).trim()).toBe(password);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await ensure()).toBe(password);
});

it('tells no password that does not open the account', async () => {
  expect(await ensure('not-the-password')).toBeUndefined();
});
