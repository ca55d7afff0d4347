import { describe, expect, it } from 'vitest';
import { Batch } from './batch.ts';
import { JsonLines } from './json-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array) => new TextDecoder().decode(of);
const three = () => JsonLines.of(bytes('{"n":1}\n{"n":"ö\\n"}\n{}\n'));

describe('JSON lines', () => {
  it('are counted, cut and listed without being parsed', () => {
    const lines = three();
    expect(lines.size).toBe(3);
    expect(text(lines.toJson())).toBe('[{"n":1},{"n":"ö\\n"},{}]');
    expect(text(lines.slice(1, 3).bytes)).toBe('{"n":"ö\\n"}\n{}\n');
    expect(text(lines.slice(1, 2).toJson())).toBe('[{"n":"ö\\n"}]');
    expect([lines.slice(3, 9).size, text(lines.slice(5, 9).toJson()), text(JsonLines.of(bytes('')).toJson())]).toEqual([0, '[]', '[]']);
  });

  it('become records', () => {
    expect(three().toRecords()).toEqual([{ n: 1 }, { n: 'ö\n' }, {}]);
  });

  it('are joined, and left out, by their places', () => {
    const six = JsonLines.join([three(), three().slice(1, 1), three()]);
    expect([six.size, text(six.toJson())]).toEqual([6, '[{"n":1},{"n":"ö\\n"},{},{"n":1},{"n":"ö\\n"},{}]']);
    expect(text(six.without([0, 2, 3, 5]).bytes)).toBe('{"n":"ö\\n"}\n{"n":"ö\\n"}\n');
    expect([six.without([]).size, six.without([0, 1, 2, 3, 4, 5]).size, text(six.line(4)), six.record(4)]).toEqual([
      6,
      0,
      '{"n":"ö\\n"}',
      { n: 'ö\n' },
    ]);
  });

  it.each(['[1]\n', '1\n', '{}', '{\n', '\n', '{}\n"a"\n'])('refuse %j, which is no list of objects', (wrong) => {
    expect(() => JsonLines.of(bytes(wrong))).toThrow('A line is not a record.');
  });

  it('in a batch are kept until somebody asks for records', () => {
    const batch = Batch.ofLines(three());
    const copy = batch.copy();
    expect([batch.size, text(batch.toJson()), batch.slice(0, 1).lines?.size]).toEqual([3, '[{"n":1},{"n":"ö\\n"},{}]', 1]);
    batch.records.pop();
    expect([batch.lines, batch.size, copy.size, copy.records.length]).toEqual([undefined, 2, 3, 3]);
  });
});
