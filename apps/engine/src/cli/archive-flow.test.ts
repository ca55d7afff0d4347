import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { DataflowDocument, JobSnapshot } from '#dataflow';
import { examplePrivateKey, examplePublicKey } from '#formats/pgp/example-key.ts';

const command = path.join(import.meta.dirname, '../../bin/idsync.mjs');
const folder = mkdtempSync(path.join(os.tmpdir(), 'idsync-archives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => {
  mkdirSync(path.join(folder, name), { recursive: true });
  return path.join(folder, name);
};

function run(name: string, steps: DataflowDocument['steps']): { code: number | null; text: string; last: Partial<JobSnapshot> } {
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ name, steps }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'run', file], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  return { code: status, text: stdout + stderr, last: JSON.parse(lines.at(-1) ?? '{}') };
}

const pack: DataflowDocument['steps'] = [
  { id: 'read', type: 'datasource.read.local', params: { path: at('in') }, next: ['parse'] },
  { id: 'parse', type: 'file.parse.json', next: ['krux', 'count', 'done'] },
  { id: 'krux', type: 'file.format.krux', params: { fileName: 'k.csv' }, next: ['lzo'], error: ['errors'] },
  { id: 'errors', type: 'file.format.json', params: { fileName: 'errors.json' }, next: ['write'] },
  { id: 'lzo', type: 'file.compress.lzo', params: { createIndexFile: true }, next: ['pgp'] },
  { id: 'pgp', type: 'file.encrypt.pgp', params: { publicKey: examplePublicKey, signingKey: examplePrivateKey }, next: ['zip'] },
  { id: 'zip', type: 'file.compress.zip', params: { password: 'secret' }, next: ['write'] },
  { id: 'count', type: 'file.format.count', params: { fileName: 'k.count' }, next: ['write'] },
  { id: 'done', type: 'file.empty', params: { fileName: 'k.done' }, next: ['write'] },
  { id: 'write', type: 'datasource.write.local', params: { path: at('packed') } },
];

const unpack = (from: string, to: string): DataflowDocument['steps'] => [
  { id: 'read', type: 'datasource.read.local', params: { path: at(from), fileNameRegex: '.*[.]zip' }, next: ['zip'] },
  { id: 'zip', type: 'file.uncompress.zip', params: { password: 'secret' }, next: ['pgp'] },
  { id: 'pgp', type: 'file.decrypt.pgp', params: { privateKey: examplePrivateKey, verificationKeys: examplePublicKey }, next: ['lzo'] },
  { id: 'lzo', type: 'file.uncompress.lzo', next: ['parse'] },
  { id: 'parse', type: 'file.parse.dsv', params: { columnSeparator: '^', readHeader: false, quoteCharacter: '"' }, next: ['json'] },
  { id: 'json', type: 'file.format.json', params: { fileName: 'k.json' }, next: ['write'] },
  { id: 'write', type: 'datasource.write.local', params: { path: at(to) } },
];

it('records go through formatter, LZO, PGP and zip, and come back; markers and counts stand beside', () => {
  const users = Array.from({ length: 5000 }, (_, i) => ({ ...(i !== 7 && { id: `u${i}` }), g_age: i % 90 }));
  writeFileSync(path.join(at('in'), 'users.json'), JSON.stringify(users));

  const packed = run('pack', pack);
  expect(packed.text).toContain('"status":"succeeded"');
  expect(packed.code).toBe(0);
  expect(packed.last.steps?.filter(({ balanced }) => !balanced)).toEqual([]);
  expect(readdirSync(at('packed')).sort()).toEqual(['errors.json', 'k.count', 'k.csv.lzo.index.pgp.zip', 'k.csv.lzo.pgp.zip', 'k.done']);
  expect(readFileSync(path.join(at('packed'), 'k.count'), 'utf8')).toBe('5000');
  expect(JSON.parse(readFileSync(path.join(at('packed'), 'errors.json'), 'utf8'))).toMatchObject([{ g_age: 7 }]);

  expect(run('unpack', unpack('packed', 'out')).code).toBe(0);
  const back = JSON.parse(readFileSync(path.join(at('out'), 'k.json'), 'utf8'));
  expect(back).toHaveLength(4999);
  expect(back[0]).toEqual({ column_1: 'u0', column_2: 'g_age:0' });
});

it('of a file that was tampered with nothing becomes a record, and nothing is written', () => {
  const encrypted = run('encrypt', [
    { id: 'read', type: 'datasource.read.local', params: { path: at('in') }, next: ['pgp'] },
    { id: 'pgp', type: 'file.encrypt.pgp', params: { publicKey: examplePublicKey }, next: ['write'] },
    { id: 'write', type: 'datasource.write.local', params: { path: at('encrypted') } },
  ]);
  expect(encrypted.code).toBe(0);
  const name = path.join(at('encrypted'), 'users.json.pgp');
  const bytes = readFileSync(name);
  bytes[bytes.length - 50] = (bytes[bytes.length - 50] as number) ^ 1;
  writeFileSync(name, bytes);

  const { code, text, last } = run('decrypt', [
    { id: 'read', type: 'datasource.read.local', params: { path: at('encrypted') }, next: ['pgp'] },
    { id: 'pgp', type: 'file.decrypt.pgp', params: { privateKey: examplePrivateKey }, next: ['parse'] },
    { id: 'parse', type: 'file.parse.json', next: ['json'] },
    { id: 'json', type: 'file.format.json', params: { fileName: 'a.json' }, next: ['write'] },
    { id: 'write', type: 'datasource.write.local', params: { path: at('tampered') } },
  ]);
  expect(code).toBe(1);
  expect(text).toContain('users.json.pgp was changed after it was encrypted, or is damaged');
  expect(last.steps?.find(({ step }) => step === 'parse')?.output).toBe(0);
  expect(readdirSync(at('tampered'))).toEqual([]);
});
