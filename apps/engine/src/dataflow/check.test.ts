import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkDocument } from './check.ts';
import { checkMasks } from './check-masks.ts';
import { defineFileWriter, defineFormatter, defineRecordReader, defineRecordTransformer, defineRecordWriter } from './component.ts';
import type { Step } from './document.ts';
import { requireOneOf, secret } from './params.ts';
import { lookupOfComponents } from './traits.ts';

const words = { title: 'T', summary: 'S.', examples: [] };
const nothing = z.object({});
async function* none() {}
const pass = async <T>(records: T) => records;

const lookup = lookupOfComponents([
  defineRecordReader({ ...words, type: 'datasource.read.people', params: nothing, read: none }),
  defineRecordTransformer({
    ...words,
    type: 'field.shout',
    params: z.object({
      field: z.string().min(1).meta({ title: 'Field' }),
      times: z.int().min(1).max(9).default(1).meta({ title: 'Times' }),
      suffix: z.string().optional().meta({ placeholders: true, title: 'Suffix' }),
    }),
    compile: () => (record) => record,
  }),
  defineFormatter({ ...words, type: 'file.format.lines', params: nothing, format: none }),
  defineRecordWriter({ ...words, type: 'datasource.write.people', params: nothing, delivery: 'at-least-once', write: pass }),
  defineFileWriter({
    ...words,
    type: 'datasource.write.folder',
    aliases: ['datasource.write.dir'],
    delivery: 'published-once',
    params: requireOneOf(z.object({ password: secret().optional(), key: secret().optional() }), ['password', 'key']),
    write: async () => {},
  }),
]);

const read: Step = { id: 'read', type: 'datasource.read.people', next: ['shout'] };
const shout: Step = { id: 'shout', type: 'field.shout', params: { field: 'a' }, next: ['lines'] };
const lines: Step = { id: 'lines', type: 'file.format.lines', next: ['folder'] };
const folder: Step = { id: 'folder', type: 'datasource.write.folder', params: { password: 'x' } };
const check = (...steps: Step[]) => checkDocument({ steps }, lookup);
const brief = (...steps: Step[]) => check(...steps).map(({ code, severity, step, field }) => [code, severity, step, field].join(' '));

describe('checking a dataflow', () => {
  it('finds nothing wrong with one that can run', () => {
    expect(check(read, shout, lines, folder)).toEqual([]);
  });

  it('knows other spellings of an id, blanks and letter case', () => {
    expect(check(read, shout, lines, { ...folder, type: ' Datasource.Write.DIR ' })).toEqual([]);
  });

  it('wants steps and a reader', () => {
    expect(brief()).toEqual(['no-steps error  steps']);
    expect(brief({ ...shout, next: ['lines'] }, lines, folder)).toEqual(['no-entry error  steps', 'no-input error shout ']);
  });

  it('finds empty, repeated and missing ids and circles, with what may have been meant', () => {
    expect(brief(read, shout, lines, folder, { ...folder, id: ' ' })).toEqual(['empty-id error   id', 'no-input error   ']);
    expect(brief(read, shout, lines, folder, { ...folder })).toEqual(['duplicate-id error folder id']);
    const dangling = check({ ...read, next: ['shuot'] }, shout, lines, folder).find(({ code }) => code === 'dangling-id');
    expect(dangling).toMatchObject({ step: 'read', field: 'next[0]', remedy: 'Did you mean shout? Otherwise remove the arrow.' });
    expect(brief(read, { ...shout, next: ['shout', 'lines'] }, lines, folder)).toEqual(['cycle error shout next']);
    expect(brief(read, { ...shout, next: ['lines', 'lines'] }, lines, folder)).toEqual(['duplicate-arrow warning shout next[1]']);
  });

  it('names the nearest component to one it does not know', () => {
    const [issue] = check({ ...read, type: 'datasource.reed.people' }, shout, lines, folder);
    expect(issue).toMatchObject({ code: 'unknown-component', step: 'read', field: 'type', remedy: 'Did you mean datasource.read.people?' });
    expect(brief({ ...read, type: '' }, shout, lines, folder)).toEqual(['unknown-component error read type']);
  });

  it('finds arrows whose kinds do not fit', () => {
    expect(check({ ...read, next: ['folder'] }, folder)[0]).toMatchObject({
      code: 'wrong-flow',
      step: 'read',
      field: 'next[0]',
      message: 'read gives records, but folder takes files.',
      remedy: 'Put a formatter (file.format…) between them.',
    });
    expect(brief(read, { ...shout, error: ['folder'] }, lines, folder)).toEqual(['wrong-flow error shout error[0]']);
    expect(
      brief(
        read,
        shout,
        { ...lines, next: ['folder', 'again'] },
        folder,
        { ...shout, id: 'again', next: ['lines 2'] },
        { ...lines, id: 'lines 2' },
      ),
    ).toEqual(['wrong-flow error lines next[1]']);
  });

  it('lets records that a writer took go on, and failed records of a formatter too', () => {
    const write: Step = { id: 'write', type: 'datasource.write.people', next: ['lines'], error: ['lines'] };
    expect(
      check({ ...read, next: ['write'] }, write, { ...lines, error: ['write 2'] }, folder, {
        ...write,
        id: 'write 2',
        next: [],
        error: [],
      }),
    ).toEqual([]);
  });

  it('allows an error path that nothing can go along', () => {
    expect(check(read, shout, lines, { ...folder, error: ['report'] }, { id: 'report', type: 'datasource.write.people' })).toEqual([]);
  });

  it('finds readers that are fed, ends that go on, and output that nothing takes', () => {
    expect(brief(read, { ...shout, next: ['lines', 'read 2'] }, lines, folder, { ...read, id: 'read 2', next: ['lines'] })).toEqual([
      'reader-with-input error shout next[1]',
    ]);
    expect(
      brief(
        read,
        shout,
        lines,
        { ...folder, next: ['shout 2'] },
        { ...shout, id: 'shout 2', next: ['lines 2'] },
        { ...lines, id: 'lines 2', next: ['folder 2'] },
        { ...folder, id: 'folder 2' },
      ),
    ).toEqual(['no-output warning folder next[0]']);
    expect(brief(read, { ...shout, next: [] })).toEqual(['lost-output warning shout ']);
  });

  it('finds missing and wrong parameters, and warns of unknown ones and placeholders', () => {
    const params = { times: 12, suffix: '$\u007bthen}', colour: 'red' };
    expect(brief(read, { ...shout, params }, lines, { ...folder, params: null })).toEqual([
      'missing-parameter error shout params.field',
      'invalid-parameter error shout params.times',
      'unknown-parameter warning shout params.colour',
      'unknown-placeholder warning shout params.suffix',
      'missing-parameter error folder params.password',
    ]);
  });

  it('tells a script that is cut off once, and no other fault of the same value', () => {
    const script = z
      .string()
      .refine((text) => text.length % 4 === 0, 'The script is no base64.')
      .meta({ title: 'Script', base64: true });
    const evaluate = defineRecordTransformer({
      ...words,
      type: 'record.run',
      params: z.object({ script }),
      compile: () => (record) => record,
    });
    const step: Step = { id: 'run', type: 'record.run', params: { script: 'YWJjZ' } };
    expect(checkDocument({ steps: [step] }, lookupOfComponents([evaluate])).filter(({ field }) => field === 'params.script')).toEqual([
      expect.objectContaining({ code: 'invalid-base64', severity: 'error', step: 'run' }),
    ]);
  });

  it('gives every issue a sentence and a remedy', () => {
    const issues = check(
      { ...read, id: '', next: ['x', 'shout', 'shout'] },
      { ...shout, next: ['shout', 'folder'], params: { times: 'x' } },
      folder,
    );
    expect(issues.length).toBeGreaterThan(5);
    for (const { message, remedy } of issues)
      expect([message, remedy]).toEqual([expect.stringMatching(/[.?]$/), expect.stringMatching(/[.?]$/)]);
  });

  it('finds masks where a secret is needed', () => {
    expect(checkMasks({ steps: [{ ...folder, params: { password: '********' } }, folder] }, lookup)).toEqual([
      expect.objectContaining({ code: 'masked-secret', step: 'folder', field: 'params.password' }),
    ]);
  });
});
