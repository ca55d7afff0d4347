import { demoSftp, demoSite } from '@idsync/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { seedDemo } from './seed-demo.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const sandbox = (gigyaPort: number, sftpPort = 4022) =>
  JSON.stringify({
    gigya: { url: `http://127.0.0.1:${gigyaPort}`, site: demoSite },
    sftp: { host: '127.0.0.1', port: sftpPort, username: demoSftp.username, password: demoSftp.password },
  });
const list = async () => (await server.as('viewer').dataflows.list({ apiKey: demoSite.apiKey })).items;

it('makes a demo site whose dataflows can all run', async () => {
  await seedDemo(server.services, sandbox(4010));
  expect((await list()).map((item) => [item.name, item.status, item.outline])).toEqual([
    ['Export accounts to SFTP', 'published', 'account > rename > evaluate > script > dsv > gzip > sftp'],
    ['Report accounts without e-mail', 'published', expect.stringContaining('account > check')],
    ['Update accounts from SFTP', 'published', 'sftp > gunzip > parse > rename > remove > account'],
  ]);
});

it('follows a sandbox that moved, and leaves alone what people changed', async () => {
  const [first] = await list();
  await server.as('editor').dataflows.remove({ id: first?.id ?? '' });
  await seedDemo(server.services, sandbox(5010, 5022));
  expect(await list()).toHaveLength(2);
  const { document, version } = await server.as('viewer').dataflows.get({ id: (await list())[1]?.id ?? '' });
  expect([document.steps[0]?.params?.port, version]).toEqual([5022, 2]);
  await seedDemo(server.services, sandbox(5010, 5022));
  expect((await server.as('viewer').dataflows.get({ id: (await list())[1]?.id ?? '' })).version).toBe(2);
  const site = await server.services.prisma.site.findUniqueOrThrow({ where: { apiKey: demoSite.apiKey } });
  expect(site.apiDomain).toBe('http://127.0.0.1:5010');
  expect(site.secret).not.toContain(demoSite.secret);
});
