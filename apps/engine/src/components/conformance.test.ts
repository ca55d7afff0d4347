import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { components, findComponent } from '#components';
import { describeComponent, entryOf, helpOf } from '#dataflow';
import { conformanceRules } from '#testing';
import { catalogue } from './catalogue.gen.ts';
import { componentHelp } from './catalogue-help.gen.ts';

/** Rules that a component need not keep, each with the reason. One that is kept after all makes the suite fail. */
const waivers: readonly { type: string; rule: string; reason: string }[] = [
  {
    type: 'file.compress.zip',
    rule: 'how its input is cut up makes no difference',
    reason: 'Encryption draws a new salt each time, so no two encrypted archives are the same.',
  },
  {
    type: 'file.encrypt.pgp',
    rule: 'how its input is cut up makes no difference',
    reason: 'Encryption draws a new session key each time, so no two encrypted files are the same.',
  },
];

const room = import.meta.dirname;
const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.includes(path.sep) && file.endsWith('.ts') && !file.endsWith('.test.ts'),
);
const typeOf = (file: string) => file.slice(0, -'.ts'.length).split(path.sep).join('.');

describe('the registry', () => {
  it('holds one component for each file, and nothing else', () => {
    expect(components.map(({ type }) => type).toSorted()).toEqual(files.map(typeOf).toSorted());
  });

  it('is sorted by id', () => {
    const types = components.map(({ type }) => type);
    expect(types).toEqual(types.toSorted());
  });

  it('has no two components of one name', () => {
    const names = components.flatMap(({ type, aliases = [] }) => [type, ...aliases]).map((name) => name.toLowerCase());
    expect(names).toEqual([...new Set(names)]);
  });

  it('finds a component by id or alias, whatever the letter case and the blanks around it', () => {
    for (const component of components) {
      for (const name of [component.type, ...(component.aliases ?? [])]) expect(findComponent(` ${name.toUpperCase()}\n`)).toBe(component);
    }
    expect(findComponent('no.such.component')).toBeUndefined();
    expect(findComponent('__proto__')).toBeUndefined();
  });

  it('is what the generated catalogue says', () => {
    const described = components.map(describeComponent);
    expect(catalogue).toEqual(JSON.parse(JSON.stringify(described.map(entryOf))));
    expect(componentHelp).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(described.map((one) => [one.type, helpOf(one)])))));
  });
});

describe.each(components.map((component) => ({ type: component.type, component })))('$type', ({ type, component }) => {
  it('is the default export of the file its id names', async () => {
    const module: { default?: unknown } = await import(`${room}/${type.replaceAll('.', '/')}.ts`);
    expect(module.default).toBe(component);
  });

  it.each(conformanceRules)(
    '$name',
    async ({ name, faults }) => {
      const waiver = waivers.find((other) => other.type === type && other.rule === name);
      const found = await faults(component);
      if (waiver) expect(found, `The waiver is stale: ${waiver.reason}`).not.toEqual([]);
      else expect(found).toEqual([]);
    },
    60_000,
  );
});

describe('waivers', () => {
  it('name a component and a rule that exist, and give a reason', () => {
    for (const { type, rule, reason } of waivers) {
      expect(components.map((component) => component.type)).toContain(type);
      expect(conformanceRules.map(({ name }) => name)).toContain(rule);
      expect(reason).toMatch(/\S \S/);
    }
    expect(new Set(waivers.map(({ type, rule }) => `${type} ${rule}`)).size).toBe(waivers.length);
  });
});
