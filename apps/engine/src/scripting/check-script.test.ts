import { describe, expect, it } from 'vitest';
import { checkScript } from './check-script.ts';

describe('checking a script before it runs', () => {
  it.each([
    'function process(record) { return record; }',
    'const process = (record) => record;',
    'let process; process = r => r;',
    'var helper = 1; var process = function (record) { return record; }; // the end',
    'process = (record) => record',
    'class process {}',
  ])('accepts %j', (source) => expect(checkScript(source)).toBeUndefined());

  it.each([
    ['function run() {}', 'The script declares no function named process.'],
    ['// function process() {}', 'The script declares no function named process.'],
    ['function outer() { function process() {} }', 'The script declares no function named process.'],
    ['if (process === 1) {}', 'The script declares no function named process.'],
    ['', 'The script declares no function named process.'],
  ])('finds no process in %j', (source, message) => expect(checkScript(source)).toMatchObject({ message }));

  it('names line and column of a syntax error', () => {
    expect(checkScript('function process(record) {\n  var x = ;\n}')).toEqual({
      code: 'scriptFailed',
      message: "SyntaxError: Unexpected token ';' (line 2, column 11)",
      line: 2,
      column: 11,
    });
  });

  it('runs nothing of it', () => {
    expect(checkScript('globalThis.touched = 1; throw 1; function process() {}')).toBeUndefined();
    expect(Object.hasOwn(globalThis, 'touched')).toBe(false);
  });
});
