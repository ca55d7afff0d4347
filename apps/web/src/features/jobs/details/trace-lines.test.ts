import { describe, expect, it } from 'vitest';
import type { NumberedTraceLine } from '../../../lib/api.ts';
import { appendLines, fitsFilter, lineText, mergeTrace } from './trace-lines.ts';

const line = (seq: number, more: Partial<NumberedTraceLine> = {}): NumberedTraceLine => ({
  seq,
  time: '2026-11-23T10:00:00.000Z',
  level: 'INFO',
  step: 'sftp',
  message: `line ${seq}`,
  ...more,
});
const numbers = (lines: readonly NumberedTraceLine[]) => lines.map(({ seq }) => seq);
const all = { level: 'DEBUG', search: '' } as const;

describe('the trace of a job', () => {
  it('takes lines that are sent again after a lost connection only once', () => {
    expect(numbers(appendLines([line(1), line(2), line(3)], [line(2), line(3), line(4)]))).toEqual([1, 2, 3, 4]);
  });
  it('stays the same object when nothing is new', () => {
    const known = [line(1)];
    expect(appendLines(known, [line(1)])).toBe(known);
  });
  it('has live lines above fetched ones, newest first, none twice', () => {
    expect(numbers(mergeTrace([line(3), line(2), line(1)], [line(2), line(3), line(4), line(5)], all))).toEqual([5, 4, 3, 2, 1]);
  });
  it('filters live lines as the server filters the others', () => {
    const live = [line(1, { level: 'DEBUG' }), line(2, { level: 'ERROR' }), line(3, { data: { host: 'Files.Example' } })];
    expect(numbers(mergeTrace([], live, { level: 'INFO', search: '' }))).toEqual([3, 2]);
    expect(numbers(mergeTrace([], live, { level: 'DEBUG', search: 'files.example' }))).toEqual([3]);
    expect(fitsFilter(line(4, { step: 'System' }), { level: 'ERROR', search: '' })).toBe(false);
  });
  it('is downloaded with its data', () => {
    expect(lineText(line(7, { level: 'WARN', data: { port: 22 } }))).toBe('2026-11-23T10:00:00.000Z\tWARN \tsftp\tline 7\t{"port":22}');
  });
});
