import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import SftpClient from 'ssh2-sftp-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { demoSftp, demoSite } from './demo.ts';
import { signedCall } from './gigya/signed-call.ts';
import { startGigya } from './gigya/start-gigya.ts';
import { type Sandbox, startSandbox } from './start-sandbox.ts';

let dataFolder: string;
let sandbox: Sandbox | undefined;
let command: ChildProcess | undefined;

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});

afterEach(async () => {
  await sandbox?.stop();
  sandbox = undefined;
  if (command?.exitCode === null) {
    command.kill('SIGKILL');
    await once(command, 'exit');
  }
  rmSync(dataFolder, { recursive: true });
});

const anyPorts = { gigyaPort: 0, sftpPort: 0, smtpPort: 0, platformsPort: 0 };

it('serves the demo site and the demo SFTP user with the folders a flow needs', async () => {
  sandbox = await startSandbox({ ...anyPorts, dataFolder, accounts: 50 });
  const answer = await signedCall({ ...demoSite, apiDomain: sandbox.gigya.url }, 'accounts.search', {
    query: 'SELECT count(*) FROM accounts',
  });
  expect(answer.results).toEqual([{ 'count(*)': 50 }]);
  const client = new SftpClient();
  await client.connect({ host: sandbox.sftp.host, port: sandbox.sftp.port, username: demoSftp.username, password: demoSftp.password });
  expect((await client.list('/')).map(({ name }) => name).sort()).toEqual(['inbox', 'outbox']);
  await client.end();
});

it('lets the SFTP server be told to fail, and caught mails be read, over HTTP', async () => {
  sandbox = await startSandbox({ ...anyPorts, dataFolder, accounts: 1 });
  const door = async (method: string, name: string, body?: object) => {
    const response = await fetch(`${sandbox?.gigya.url}/_sandbox/${name}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    return [response.status, await response.json()];
  };
  expect(await door('POST', 'sftp-faults', { refuseLogin: true })).toEqual([200, { fault: { refuseLogin: true }, writtenBytes: 0 }]);
  expect(sandbox.sftp.faults.refusesLogin).toBe(true);
  expect(await door('POST', 'sftp-faults', { refuse: true })).toEqual([400, { error: expect.stringContaining("no field 'refuse'") }]);
  expect(await door('DELETE', 'sftp-faults')).toEqual([200, { fault: {}, writtenBytes: 0 }]);
  expect(await door('GET', 'mails')).toEqual([200, { mails: [] }]);
  expect(await door('POST', 'mails', {})).toEqual([405, { error: 'POST is not possible here' }]);
});

it('keeps changed accounts over a restart', async () => {
  const query = { query: 'SELECT UID, lastUpdatedTimestamp FROM accounts' };
  sandbox = await startSandbox({ ...anyPorts, dataFolder, accounts: 20 });
  await signedCall(sandbox.gigya.site, 'accounts.importFullAccount', { UID: 'kept', profile: '{"firstName":"Kept"}' });
  const before = await signedCall(sandbox.gigya.site, 'accounts.search', query);
  await sandbox.stop();
  sandbox = await startSandbox({ ...anyPorts, dataFolder, accounts: 20 });
  expect(sandbox.gigya.accountOf('kept')).toMatchObject({ profile: { firstName: 'Kept' } });
  expect((await signedCall(sandbox.gigya.site, 'accounts.search', query)).results).toEqual(before.results);
});

it('serves every platform below its name', async () => {
  sandbox = await startSandbox({ ...anyPorts, dataFolder, accounts: 1 });
  const { url, platforms } = sandbox.platforms;
  expect(Object.keys(platforms).length).toBeGreaterThan(5);
  for (const name of Object.keys(platforms)) {
    const asked = async () => ((await (await fetch(`${url}/_sandbox/${name}-state`)).json()) as { requests: number }).requests;
    expect(await asked()).toBe(0);
    await fetch(`${url}/${name}/no-such-call`);
    expect(await asked()).toBe(1);
  }
});

it('leaves nothing running when one port is taken', async () => {
  sandbox = await startSandbox({ ...anyPorts, dataFolder, accounts: 5 });
  const { port: gigyaPort, stop } = await startGigya({ accounts: 1 });
  await stop();
  const options = { ...anyPorts, gigyaPort, smtpPort: sandbox.smtp.port, dataFolder: join(dataFolder, 'other') };
  await expect(startSandbox(options)).rejects.toThrow(/EADDRINUSE/);
  const again = await startGigya({ port: gigyaPort, accounts: 1 });
  await again.stop();
});

it.each(['SIGINT', 'SIGTERM'] as const)(
  'starts as a command, says so in one line, and ends on %s with clients connected',
  async (signal) => {
    const args = [
      '--gigya-port',
      '0',
      '--sftp-port',
      '0',
      '--smtp-port',
      '0',
      '--platforms-port',
      '0',
      '--data',
      dataFolder,
      '--accounts',
      '30',
    ];
    command = fork(join(import.meta.dirname, 'main.ts'), args, { silent: true });
    const [line] = (await once(createInterface({ input: command.stdout ?? process.stdin }), 'line')) as [string];
    const ready = JSON.parse(line) as { gigya: { url: string; accounts: number }; sftp: { port: number } };
    expect(ready).toMatchObject({ ready: true, gigya: { accounts: 30 } });
    await signedCall({ ...demoSite, apiDomain: ready.gigya.url }, 'accounts.search', { query: 'SELECT UID FROM accounts' });
    const client = new SftpClient('test', { error: () => {}, end: () => {}, close: () => {} });
    await client.connect({ host: '127.0.0.1', port: ready.sftp.port, username: demoSftp.username, password: demoSftp.password });
    const exited = once(command, 'exit');
    command.kill(signal);
    expect(await exited).toEqual([0, null]);
    await client.end().catch(() => {});
  },
);

it('says what is wrong with an option', async () => {
  command = fork(join(import.meta.dirname, 'main.ts'), ['--accounts', 'many', '--data', dataFolder], { silent: true });
  let text = '';
  command.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  expect(await once(command, 'close')).toEqual([1, null]);
  expect(text).toContain("--accounts must be a whole number, not 'many'");
  expect(readdirSync(dataFolder)).toEqual([]);
});
