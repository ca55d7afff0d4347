import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findComponent } from '#components';
import type { Component, DataRecord } from '#dataflow';
import { openAccess, runDataflow } from '#runtime';
import { fakeJob } from '#testing';
import filter from './filter.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'idsync-filter-'));
  const cities = ['Köln', 'Bonn, am Rhein', 'say "x"', '', 'two\nlines', '12', 'true'];
  const row = (n: number) => [
    `u${n}`,
    `"${(cities[n % cities.length] ?? '').replaceAll('"', '""')}"`,
    n % 11 === 0 ? 'many' : String(n),
    n % 3 ? 'true' : 'false',
  ];
  const rows = Array.from({ length: 3000 }, (_, n) => row(n).join(','));
  writeFileSync(path.join(folder, 'in.csv'), ['UID,city,points,subscribed', ...rows].join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const { keysOfFilter: _, ...slow } = filter;

/** Runs the filter between a parser and a formatter; `undecoded` false: as if it had to see whole records. */
async function filtered(params: DataRecord, undecoded: boolean) {
  const steps = [
    { id: 'read', type: 'datasource.read.local', params: { path: 'in.csv' }, next: ['parse'] },
    { id: 'parse', type: 'file.parse.dsv', params: { columnSeparator: ',' }, next: ['filter'] },
    { id: 'filter', type: 'record.filter', params, next: ['good'], error: ['bad'] },
    { id: 'good', type: 'file.format.dsv', params: { fileName: 'good.csv', columnSeparator: ',', createEmptyFile: true }, next: ['write'] },
    { id: 'bad', type: 'file.format.json', params: { fileName: 'bad.json', createEmptyFile: true }, next: ['write'] },
    { id: 'write', type: 'datasource.write.local', params: { path: '.' } },
  ];
  const component = (type: string): Component | undefined => (type === filter.type && !undecoded ? slow : findComponent(type));
  const { status, steps: metrics } = await runDataflow({
    document: { name: 'filter', steps },
    components: component,
    job: fakeJob,
    logLevel: 'error',
    access: openAccess(folder),
    signal: new AbortController().signal,
    onTrace: () => {},
    onSnapshot: () => {},
  });
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const { input, output, failed, filtered: left, balanced } = metrics.find(({ step }) => step === 'filter') ?? {};
  return { status, counts: { input, output, failed, left, balanced }, good: read('good.csv'), bad: read('bad.json') };
}

describe('filtering rows that nobody has decoded', () => {
  it.each<DataRecord>([
    { condition: "subscribed eq 'true'" },
    { condition: "city =~ '.*on.*'" },
    { condition: "size(city) gt 5 and subscribed ne 'true'" },
    { condition: 'points gt 1000' },
    { condition: 'missing eq null' },
    { condition: 'false' },
    { condition: "UID eq 'u5'", otherwise: 'error' },
  ])('gives what it gives on whole records: $condition', async (params) => {
    const fast = await filtered(params, true);
    expect(fast).toEqual(await filtered(params, false));
    expect(fast).toMatchObject({ status: 'succeeded', counts: { input: 3000, balanced: true } });
  });
});
