import { describe, expect, it } from 'vitest';
import { locateIssues } from './locate-issues.ts';
import { formatDocument, parseDocument } from './parse-document.ts';

const codes = (text: string) => parseDocument(text).issues.map(({ code }) => code);

describe('reading a document', () => {
  it('accepts comments, trailing commas, a byte order mark and a bare list of steps', () => {
    const text = '\uFEFF// copied from the manual\n{ "steps": [ { "id": "a", /* first */ "type": "x", "next": ["b",], }, ], }';
    expect(parseDocument(text)).toEqual({ document: { steps: [{ id: 'a', type: 'x', next: ['b'] }] }, issues: [] });
  });

  it('keeps keys it does not know, in their order, and null lists', () => {
    const text = '{"z":1,"steps":[{"type":"x","note":{"b":1,"a":2},"id":"s","params":null,"next":null}],"apiKey":"k","name":null}';
    const { document } = parseDocument(text);
    expect(document && JSON.stringify(document)).toBe(text);
    expect(document && JSON.parse(formatDocument(document))).toEqual(JSON.parse(text));
  });

  it('takes __proto__ as a name like any other', () => {
    const text = '{"steps":[{"id":"__proto__","type":"x","params":{"__proto__":{"polluted":true}}}]}';
    const { document } = parseDocument(text);
    expect(document && JSON.stringify(document)).toBe(text);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('warns of a name that occurs twice and of digits that would be lost', () => {
    const { document, issues } = parseDocument('{"steps":[],"name":"a","name":"b","siteId":12345678901234567890}');
    expect(document?.name).toBe('b');
    expect(issues.map(({ code, severity, offset, length }) => ({ code, severity, offset, length }))).toEqual([
      { code: 'duplicate-key', severity: 'warning', offset: 23, length: 6 },
      { code: 'inexact-number', severity: 'warning', offset: 43, length: 20 },
    ]);
  });

  it('says line and column, what and how to mend for text that is not JSON', () => {
    const { document, issues } = parseDocument('{\n  "steps": [\n    { "id" "a" }\n  ]\n}');
    expect(document).toBeUndefined();
    expect(issues[0]).toEqual({
      severity: 'error',
      code: 'not-json',
      message: 'Line 3, column 12: a colon is missing.',
      remedy: 'Put a colon between name and value.',
      offset: 26,
      length: 3,
    });
  });

  it('counts the byte order mark in offsets', () => {
    expect(parseDocument('\uFEFF{"steps":[],}x').issues[0]?.offset).toBe(14);
  });

  it.each([
    '',
    '  ',
    '// nothing',
    '[',
    '{"steps":',
    "{'steps': []}",
    '{"steps":[]} x',
    '{"a":"\\q","steps":[]}',
    '"',
    '\uFEFF',
    '['.repeat(100_000),
  ])('refuses %j', (text) => {
    const { document, issues } = parseDocument(text);
    expect(document).toBeUndefined();
    expect(issues.length).toBeGreaterThan(0);
    for (const issue of issues) {
      expect(issue.code).toBe('not-json');
      expect(issue.message).toMatch(/\.$/);
      expect(issue.remedy).toMatch(/\.$/);
      expect(issue.offset).toBeGreaterThanOrEqual(0);
    }
  });

  it('refuses nesting that later steps could not follow', () => {
    const deep = `{"steps":[],"x":${'['.repeat(600)}${']'.repeat(600)}}`;
    expect(parseDocument(deep).issues[0]?.message).toBe('The text is nested too deeply to be a dataflow.');
  });

  it.each([
    ['[]', undefined, undefined],
    ['null', undefined, undefined],
    ['{"steps":{}}', undefined, 'steps'],
    ['{}', undefined, 'steps'],
    ['{"steps":[],"name":7}', undefined, 'name'],
    ['{"steps":["a"]}', undefined, undefined],
    ['{"steps":[{"type":"x"}]}', undefined, 'id'],
    ['{"steps":[{"id":"Ab"}]}', 'Ab', 'type'],
    ['{"steps":[{"id":"Ab","type":"x","params":[]}]}', 'Ab', 'params'],
    ['{"steps":[{"id":"Ab","type":"x","next":"b"}]}', 'Ab', 'next'],
    ['{"steps":[{"id":"Ab","type":"x","error":[1]}]}', 'Ab', 'error'],
  ])('refuses the shape of %s', (text, step, field) => {
    const { document, issues } = parseDocument(text);
    expect(document).toBeUndefined();
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ code: 'not-a-dataflow', severity: 'error' });
    expect([issues[0]?.step, issues[0]?.field]).toEqual([step, field]);
  });

  it('reports every fault of the shape at once, each at its place', () => {
    const text = '{"name":1,"steps":[{"id":"a","type":2},3]}';
    const marked = parseDocument(text).issues.map(({ offset = 0, length = 0 }) => text.slice(offset, offset + length));
    expect(marked).toEqual(['1', '2', '3']);
    expect(codes(text)).toEqual(['not-a-dataflow', 'not-a-dataflow', 'not-a-dataflow']);
  });
});

describe('finding issues in the text', () => {
  const text = '\uFEFF{"steps":[{"id":"a","type":"x","params":{"fields":[{},{"f":1}]},"next":["b"]},{"id":"a","type":"y"}]}';
  const place = (step: string | undefined, field: string | undefined, code = 'x') => {
    const issue = { severity: 'error' as const, code, message: '', remedy: '', ...(step && { step }), ...(field && { field }) };
    const [{ offset = -1, length = 0 } = {}] = locateIssues(text, [issue]);
    return text.slice(offset, offset + length);
  };

  it('goes to the field, or to the nearest thing around it', () => {
    expect(place('a', 'params.fields[1].f')).toBe('1');
    expect(place('a', 'params.fields[0].missing')).toBe('{}');
    expect(place('a', 'next[0]')).toBe('"b"');
    expect(place('a', 'type', 'duplicate-id')).toBe('"y"');
    expect(place(undefined, 'steps')).toMatch(/^\[.*\]$/);
    expect(place('nobody', undefined)).toMatch(/^\{.*\}$/);
  });

  it('leaves issues of text that cannot be read without a place', () => {
    const issue = { severity: 'error' as const, code: 'x', message: '', remedy: '' };
    expect(locateIssues('', [issue])).toEqual([issue]);
  });
});
