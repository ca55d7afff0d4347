import { describe, expect, it } from 'vitest';
import { type DataRecord, readParams, traitsOf } from '#dataflow';
import { runComponent } from '#testing';
import evaluate from './evaluate.ts';

const run = (fields: { field: string; expression: string }[], records: DataRecord[]) =>
  runComponent(evaluate, { params: { fields }, records });

describe('field.evaluate', () => {
  it('names the entry, the place and what was expected when an expression is wrong', () => {
    const { issues } = readParams(traitsOf(evaluate), {
      fields: [
        { field: 'a', expression: 'b' },
        { field: 'c', expression: "status eq 'x" },
      ],
    });
    expect(issues).toEqual([
      {
        severity: 'error',
        code: 'invalid-parameter',
        field: 'params.fields[1].expression',
        message: "Expression: The text that begins with ' has no closing ' at character 11.",
        remedy: 'Change Expression.',
      },
    ]);
  });

  it('knows no other language than jexl', () => {
    expect(readParams(traitsOf(evaluate), { language: 'groovy', fields: [] }).issues).toMatchObject([
      { field: 'params.language', severity: 'error' },
    ]);
    expect(readParams(traitsOf(evaluate), { language: 'JEXL', fields: [] }).issues).toEqual([]);
  });

  it('lets a later entry see the result of an earlier one', async () => {
    const fields = [
      { field: 'profile.full', expression: "first + '!'" },
      { field: 'shout', expression: 'profile.full.toUpperCase()' },
    ];
    const { records } = await run(fields, [{ first: 'Ann' }]);
    expect(records).toEqual([{ first: 'Ann', profile: { full: 'Ann!' }, shout: 'ANN!' }]);
  });

  it('sets null where there is nothing', async () => {
    const { records } = await run([{ field: 'x', expression: 'missing' }], [{ a: 1 }]);
    expect(records).toEqual([{ a: 1, x: null }]);
  });

  it('leaves a record as it came when a late entry fails, in whichever way the entries depend', async () => {
    const record = { n: 'old', profile: 'text' };
    const failing = [{ field: 'bad', expression: 'n * 2' }];
    const blocked = [{ field: 'profile.x', expression: '1' }];
    for (const late of [failing, blocked]) {
      for (const early of [
        { field: 'n2', expression: '1' },
        { field: 'n', expression: "'x'" },
      ]) {
        const { records, errors } = await run([early, ...late], [record]);
        expect(records).toEqual([]);
        expect(errors).toMatchObject([record]);
      }
    }
  });

  it('says which field could not be computed, and why', async () => {
    const { errors } = await run([{ field: 'next', expression: 'name * 2' }], [{ name: 'Ann' }]);
    expect(errors).toEqual([
      {
        name: 'Ann',
        _errorDetails: { errorCode: 400011, errorMessage: 'Field next cannot be computed: * needs numbers, but was given "Ann".' },
      },
    ]);
  });
});
