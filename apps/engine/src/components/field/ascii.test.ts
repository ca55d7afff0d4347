import { describe, expect, it } from 'vitest';
import { type DataRecord, readParams, traitsOf } from '#dataflow';
import { runComponent } from '#testing';
import ascii from './ascii.ts';

const run = async (params: DataRecord, text: string) => (await runComponent(ascii, { params, records: [{ text }] })).records[0]?.text;

describe('field.ascii', () => {
  it.each([
    ['Zoë\u0308 😀 日本', 'Zo  '],
    ['plain ~\u007f\u0000', 'plain ~\u007f\u0000'],
    ['\ud83d lone', ' lone'],
    ['', ''],
  ])('removes from %j', async (text, left) => {
    expect(await run({}, text)).toBe(left);
  });

  it.each([
    ['Ångström Łódź Çelik Žižek', 'Angstrom Lodz Celik Zizek'],
    ['Straße ÆØÅ þorn ﬁ …', 'Strasse AEOA thorn fi ...'],
    ['“a”–‘b’ 5 €', '"a"-\'b\' 5 EUR'],
    ['Ωm 漢', '?m ?'],
    ['½', '1/2'],
  ])('writes %j with plain letters', async (text, plain) => {
    expect(await run({ mode: 'transliterate', replacement: '?' }, text)).toBe(plain);
  });

  it('changes named fields only, and refuses a replacement that is not ASCII', async () => {
    const { records } = await runComponent(ascii, {
      params: { fields: ['a.b', 'l'] },
      records: [{ a: { b: 'é', c: 'é' }, l: ['é'], é: 'é' }],
    });
    expect(records).toEqual([{ a: { b: '', c: 'é' }, l: [''], é: 'é' }]);
    expect(readParams(traitsOf(ascii), { replacement: 'é' }).issues).toMatchObject([{ field: 'params.replacement', severity: 'error' }]);
  });
});
