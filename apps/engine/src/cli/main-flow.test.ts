import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataflowDocument, JobSnapshot, TraceLine } from '#dataflow';
import { type Sshd, sshdMissing, startSshd } from '#testing/peers/sshd.ts';

const ACCOUNTS = 10_000;
const command = path.join(import.meta.dirname, '../../bin/idsync.mjs');
const folder = mkdtempSync(path.join(os.tmpdir(), 'idsync-cli-'));

interface CommandResult {
  code: number | null;
  text: string;
  events: ({ event: string } & Partial<JobSnapshot> & Partial<TraceLine>)[];
  last: Partial<JobSnapshot>;
}

/** Runs the command as a person would, piped, with the site's credentials in the environment. */
function start(args: string[], gigya?: GigyaServer): { child: ChildProcess; done: Promise<CommandResult> } {
  const site = gigya?.site;
  const env = site && {
    IDSYNC_API_KEY: site.apiKey,
    IDSYNC_USER_KEY: site.userKey,
    IDSYNC_SECRET: site.secret,
    IDSYNC_API_DOMAIN: site.apiDomain,
  };
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const done = new Promise<CommandResult>((resolve) => {
    child.on('close', (code) => {
      const events = out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as CommandResult['events'][number]);
      resolve({ code, text: out + err, events, last: events.at(-1) ?? {} });
    });
  });
  return { child, done };
}

function save(name: string, steps: DataflowDocument['steps']): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify({ name, steps }));
  return file;
}

const script = `function process(record, ctx, logger, next) {
  record.kind = record.email && record.email.endsWith('example.com') ? 'com' : 'other';
  return record;
}`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(sshdMissing)(`the main flow over OpenSSH (${sshdMissing ?? 'sshd found'})`, () => {
  let gigya: GigyaServer;
  let sshd: Sshd;
  const login = () => ({ host: sshd.host, port: sshd.port, username: sshd.username });
  const byKey = () => ({
    ...login(),
    privateKey: Buffer.from(sshd.protectedKey.text).toString('base64'),
    passphrase: sshd.protectedKey.passphrase,
  });
  const byPassword = () => (sshd.password === undefined ? byKey() : { ...login(), password: sshd.password });

  const outbound = (writer: Record<string, string | number>) => [
    {
      id: 'account',
      type: 'datasource.read.gigya.account',
      params: { select: 'UID,profile.email,profile.firstName,profile.lastName,profile.city', batchSize: 500 },
      next: ['rename'],
    },
    {
      id: 'rename',
      type: 'field.rename',
      params: {
        fields: ['email', 'firstName', 'lastName', 'city'].map((name) => ({ sourceField: `profile.${name}`, targetField: name })),
      },
      next: ['evaluate'],
    },
    {
      id: 'evaluate',
      type: 'field.evaluate',
      params: { language: 'jexl', fields: [{ field: 'fullName', expression: "firstName + ' ' + lastName" }] },
      next: ['script'],
    },
    {
      id: 'script',
      type: 'record.evaluate',
      params: { script: Buffer.from(script).toString('base64'), ECMAScriptVersion: '12' },
      next: ['remove'],
    },
    { id: 'remove', type: 'field.remove', params: { fields: ['profile'] }, next: ['dsv'] },
    { id: 'dsv', type: 'file.format.dsv', params: { fileName: 'accounts_${now:yyyyMMdd}.csv', columnSeparator: ',' }, next: ['gzip'] },
    { id: 'gzip', type: 'file.compress.gzip', next: ['sftp'] },
    { id: 'sftp', type: 'datasource.write.sftp', params: writer },
  ];

  beforeAll(async () => {
    gigya = await startGigya({ accounts: ACCOUNTS, rate: { callsPerSecond: 2000 } });
    sshd = await startSshd();
    // Large enough that an upload is still under way when it is cut.
    writeFileSync(path.join(folder, 'large.csv'), Buffer.alloc(400_000_000, `${'x'.repeat(99)}\n`));
  });
  afterAll(async () => {
    await sshd?.stop();
    await gigya?.stop();
  });

  it('carries 10,000 accounts out through every kind of step, by password, record for record', async () => {
    const { code, last, text } = await start(['run', save('out.json', outbound({ ...byPassword(), remotePath: 'out' })), '--full'], gigya)
      .done;
    expect(text).not.toContain(gigya.site.secret);
    expect(last).toMatchObject({ event: 'result', status: 'succeeded', processedRecords: ACCOUNTS });
    expect(code).toBe(0);
    const [name = ''] = readdirSync(path.join(sshd.folder, 'out'));
    expect(name).toMatch(/^accounts_\d{8}\.csv\.gz$/);
    const rows = parse(gunzipSync(readFileSync(path.join(sshd.folder, 'out', name))), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(ACCOUNTS);
    const different = rows.filter((row) => {
      const profile = (gigya.accountOf(row.UID ?? '')?.profile ?? {}) as Record<string, string | undefined>;
      const fullName = [profile.firstName, profile.lastName].map((part) => part ?? '').join(' ');
      const kind = profile.email?.endsWith('example.com') ? 'com' : 'other';
      return row.email !== (profile.email ?? '') || row.city !== (profile.city ?? '') || row.fullName !== fullName || row.kind !== kind;
    });
    expect(different).toEqual([]);
  });

  it('brings them back by key: sftp, gunzip, parse, rename, account', async () => {
    const inbound = [
      {
        id: 'sftp',
        type: 'datasource.read.sftp',
        params: { ...byKey(), remotePath: 'out', fileNameRegex: '.*\\.csv\\.gz' },
        next: ['gunzip'],
      },
      { id: 'gunzip', type: 'file.uncompress.gzip', next: ['parse'] },
      { id: 'parse', type: 'file.parse.dsv', params: { columnSeparator: ',' }, next: ['rename'] },
      {
        id: 'rename',
        type: 'field.rename',
        params: {
          fields: [
            { sourceField: 'kind', targetField: 'data.kind' },
            { sourceField: 'fullName', targetField: 'data.fullName' },
          ],
        },
        next: ['remove'],
      },
      { id: 'remove', type: 'field.remove', params: { fields: ['email', 'firstName', 'lastName', 'city'] }, next: ['account'] },
      { id: 'account', type: 'datasource.write.gigya.account', params: { maxConnections: 5 } },
    ];
    const { code, last, text } = await start(['run', save('back.json', inbound), '--full'], gigya).done;
    expect(text).not.toContain(sshd.protectedKey.passphrase);
    expect(last).toMatchObject({ status: 'succeeded', processedRecords: ACCOUNTS });
    expect(last.steps?.find((step) => step.step === 'account')).toMatchObject({ input: ACCOUNTS, output: ACCOUNTS, failed: 0 });
    expect(code).toBe(0);
    const [row] = parse(gunzipSync(readFileSync(path.join(sshd.folder, 'out', readdirSync(path.join(sshd.folder, 'out'))[0] ?? ''))), {
      columns: true,
      to: 1,
    }) as Record<string, string>[];
    expect(gigya.accountOf(row?.UID ?? '')?.data).toMatchObject({ kind: row?.kind, fullName: row?.fullName });
  });

  it('fails when the server goes away during the upload, names host, user, port and cause, and leaves no file under the final name', async () => {
    const steps = [
      { id: 'read', type: 'datasource.read.local', params: { path: folder, fileNameRegex: 'large.csv' }, next: ['sftp'] },
      { id: 'sftp', type: 'datasource.write.sftp', params: { ...byPassword(), remotePath: 'torn' } },
    ];
    const { done } = start(['run', save('torn.json', steps), '--full']);
    await untilFileIn(path.join(sshd.folder, 'torn'));
    sshd.killSessions();
    const { code, last, events } = await done;
    expect(code).toBe(1);
    expect(last.status).toBe('failed');
    const told = events
      .filter((event) => event.event === 'trace' && event.level === 'ERROR' && event.step === 'sftp')
      .map((event) => `${event.message} ${JSON.stringify(event.data)}`)
      .join('\n');
    for (const fact of [sshd.host, sshd.username, String(sshd.port)]) expect(told).toContain(fact);
    expect(events.at(-3)).toMatchObject({ message: 'Job has failed.' });
    expect(readdirSync(path.join(sshd.folder, 'torn'))).not.toContain('large.csv');
  });

  it('ends cleanly on Ctrl-C: status killed, exit code 1, nothing under the final name', async () => {
    const steps = [
      { id: 'read', type: 'datasource.read.local', params: { path: folder, fileNameRegex: 'large.csv' }, next: ['sftp'] },
      { id: 'sftp', type: 'datasource.write.sftp', params: { ...byPassword(), remotePath: 'stopped' } },
    ];
    const { child, done } = start(['run', save('stopped.json', steps), '--full']);
    await untilFileIn(path.join(sshd.folder, 'stopped'));
    child.kill('SIGINT');
    const { code, last } = await done;
    expect(last.status).toBe('killed');
    expect(code).toBe(1);
    expect(readdirSync(path.join(sshd.folder, 'stopped'))).toEqual([]);
  });
});

/** Resolves as soon as something stands in the folder. */
async function untilFileIn(wanted: string): Promise<void> {
  for (;;) {
    try {
      if (readdirSync(wanted).length > 0) return;
    } catch {
      // The folder is made by the upload.
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the command', () => {
  const flow = (text: string) => {
    const file = path.join(folder, 'checked.json');
    writeFileSync(file, text);
    return file;
  };

  it.each([
    ['what is not JSON', '{"steps": [', /\w/],
    [
      'a cycle',
      '{"steps":[{"id":"a","type":"field.remove","params":{"fields":["x"]},"next":["b"]},{"id":"b","type":"field.remove","params":{"fields":["x"]},"next":["a"]}]}',
      /cycle|circle|loop/i,
    ],
    ['an arrow to nowhere', '{"steps":[{"id":"a","type":"datasource.read.local","params":{"path":"/x"},"next":["b"]}]}', /b/],
    ['an unknown component', '{"steps":[{"id":"a","type":"datasource.read.locl","params":{}}]}', /datasource\.read\.local/],
    ['a missing parameter', '{"steps":[{"id":"a","type":"datasource.read.local","params":{}}]}', /path/],
    [
      'files into a record step',
      '{"steps":[{"id":"a","type":"datasource.read.local","params":{"path":"/x"},"next":["b"]},{"id":"b","type":"field.remove","params":{"fields":["x"]}}]}',
      /files/,
    ],
  ])('refuses %s with exit code 2 and says what and how to mend it, in validate and in run', async (_, text, expected) => {
    const file = flow(text);
    const checked = await new Promise<{ code: number | null; issues: { severity: string; message: string; remedy: string }[] }>(
      (resolve) => {
        const child = spawn(process.execPath, [command, 'validate', file, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
        let out = '';
        child.stdout.on('data', (chunk) => {
          out += chunk;
        });
        child.on('close', (code) => resolve({ code, issues: JSON.parse(out).issues }));
      },
    );
    expect(checked.code).toBe(2);
    const errors = checked.issues.filter((issue) => issue.severity === 'error');
    expect(errors.map((issue) => issue.message + issue.remedy).join(' ')).toMatch(expected);
    expect(errors.every((issue) => issue.remedy.length > 0)).toBe(true);
    const ran = await start(['run', file]).done.catch(() => undefined);
    expect(ran?.code ?? 2).toBe(2);
  });
});
