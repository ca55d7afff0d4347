import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  Batch,
  type Component,
  defineBatchTransformer,
  defineFileReader,
  defineFormatter,
  defineParser,
  defineRecordTransformer,
  type FlowFile,
  RecordError,
} from '#dataflow';
import { fileOf } from '../file-of.ts';
import { conformanceRules } from './index.ts';

const words = { type: 'field.sample', title: 'Sample', summary: 'Does something.', limits: ['Samples are small.'] };
const faults = async (rule: string, component: Component) => {
  const found = conformanceRules.find(({ name }) => name === rule);
  if (!found) throw new Error(`There is no rule "${rule}".`);
  return found.faults(component);
};
const param = <S extends z.ZodType>(schema: S) => schema.meta({ title: 'T', help: 'H.' });
const transformer = (params: z.ZodObject, examples: Component['examples'] = [{ title: 'e', params: {}, input: [], output: [] }]) =>
  defineRecordTransformer({ ...words, params, examples, compile: () => (record) => record });

async function* lines(file: FlowFile) {
  for await (const chunk of file.read()) yield Batch.of([{ line: Buffer.from(chunk).toString() }]);
}
const parser = (parse: (file: FlowFile) => AsyncIterable<Batch>) =>
  defineParser({
    ...words,
    params: z.object({}),
    examples: [{ title: 'e', params: {}, inputFiles: { a: 'abcdefgh' }, output: [] }],
    parse,
  });

describe('the conformance rules', () => {
  it('pass a component that keeps them all', async () => {
    const good = defineRecordTransformer({
      ...words,
      params: z.object({ n: param(z.int().min(1).default(1)) }),
      examples: [{ title: 'e', params: { n: 2 }, input: [{ a: 1 }], output: [{ a: 1, n: 2 }] }],
      compile:
        ({ n }) =>
        (record) => ({ ...record, n }),
    });
    for (const { name, faults: of } of conformanceRules) expect([name, await of(good)]).toEqual([name, []]);
  });

  it('find parameters without words, at any depth', async () => {
    const params = z.object({ list: param(z.array(z.object({ bare: z.string() }))), other: z.string().meta({ title: ' ', help: 'h' }) });
    expect(await faults('every parameter has a title and help', transformer(params))).toEqual([
      'list[].bare has no title',
      'list[].bare has no help',
      'other has no title',
    ]);
  });

  it('find defaults that are refused, and secrets that are not marked', async () => {
    expect(
      await faults('the default of every parameter passes its own check', transformer(z.object({ n: z.int().min(5).default(1) }))),
    ).toHaveLength(1);
    const params = z.object({ dbPassword: z.string(), rows: z.array(z.object({ accessToken: z.string() })) });
    expect(await faults('secrets are marked as secrets', transformer(params))).toEqual([
      'dbPassword is not marked',
      'rows[].accessToken is not marked',
    ]);
  });

  it('find limits and faults that are not told', async () => {
    const rule = 'it tells its limits; one that connects tells its faults';
    expect(await faults(rule, transformer(z.object({})))).toEqual([]);
    expect(await faults(rule, { ...transformer(z.object({})), limits: [] })).toEqual(['it tells no limits']);
    const reader = defineFileReader({ ...words, params: z.object({}), examples: [], read: async function* () {} });
    expect(await faults(rule, reader)).toEqual(['it reaches outside and does not tell what can go wrong there']);
  });

  it('find titles and summaries that are no lines', async () => {
    const component = { ...transformer(z.object({})), title: ' ', summary: 'Two\nlines.' };
    expect(await faults('it says what it is, in a line each', component)).toHaveLength(2);
  });

  it('find examples that are missing, invalid, or give something else', async () => {
    expect(await faults('it has at least one example', transformer(z.object({}), []))).toHaveLength(1);
    const unknown = transformer(z.object({}), [{ title: 'e', params: { x: 1 } }]);
    expect(await faults('the parameters of every example are valid and known', unknown)).toHaveLength(1);
    const wrong = transformer(z.object({}), [
      { title: 'e', params: {}, input: [{ a: 1, b: 2 }], output: [{ b: 2, a: 1 }], errors: [{ c: 3 }] },
    ]);
    expect(await faults('every example gives exactly what it says', wrong)).toHaveLength(2);
  });

  it('find schemas that mean something else in the browser', async () => {
    const trimmed = transformer(z.object({ name: z.string().transform((text) => text.toUpperCase()) }), [
      { title: 'e', params: { name: 'a' } },
    ]);
    expect(await faults('the browser reads parameters as the server does', trimmed)).toEqual(['e: parameters are read differently']);
  });

  it('find records that are changed before they fail', async () => {
    const component = defineRecordTransformer({
      ...words,
      params: z.object({}),
      examples: [{ title: 'e', params: {}, input: [], output: [] }],
      compile: () => (record) => {
        record.touched = true;
        throw new RecordError('no', { code: 'invalidRecord' });
      },
    });
    expect((await faults('a record that fails is left as it came', component)).length).toBeGreaterThan(10);
  });

  it('find records that end the job', async () => {
    const component = defineFormatter({
      ...words,
      params: z.object({}),
      examples: [{ title: 'e', params: {}, input: [], outputFiles: {} }],
      format: async function* (batches) {
        for await (const batch of batches) for (const { text } of batch.records) if (text === '\\') throw new Error('a backslash!');
        yield fileOf('x', '');
      },
    });
    expect(await faults('no record of any shape ends the job', component)).toEqual(['e: a backslash!']);
  });

  it('find output that depends on how the input is cut', async () => {
    expect((await faults('how its input is cut up makes no difference', parser(lines))).length).toBeGreaterThan(3);
  });

  it('find input that is left open after an early stop or a signal', async () => {
    const careless = parser(async function* (file) {
      const reading = file.read()[Symbol.asyncIterator]();
      for (let next = await reading.next(); !next.done; next = await reading.next()) yield Batch.of([{}]);
    });
    expect(await faults('stopping early lets go of everything', careless)).toEqual(['e: its input was left open']);
    const deaf = defineBatchTransformer({
      ...words,
      params: z.object({}),
      examples: [{ title: 'e', params: {}, input: [{}], output: [{}] }],
      transform: async function* (batches) {
        const reading = batches[Symbol.asyncIterator]();
        for (let i = 0; i < 3; i++) {
          const next = await reading.next();
          if (!next.done) yield next.value;
        }
      },
    });
    expect(await faults('raising the signal ends it and lets go of everything', deaf)).toEqual(['e: its input was left open']);
  });
});
