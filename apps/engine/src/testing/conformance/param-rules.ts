import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Component, describeComponent, type JSONSchema, lookupOf, namesPlace, readParams, traitsOf } from '#dataflow';
import { runsAlone } from './example-rules.ts';
import type { Rule } from './rule.ts';

/** What a component says about its parameters. */
export const paramRules: readonly Rule[] = [
  {
    name: 'every parameter has a title and help',
    faults: (component) =>
      paramsOf(component).flatMap(({ path, schema }) =>
        (['title', 'help'] as const).filter((key) => !schema[key]?.trim()).map((key) => `${path} has no ${key}`),
      ),
  },
  {
    name: 'the default of every parameter passes its own check',
    faults: (component) =>
      paramsOf(component)
        .filter(({ schema }) => !admitsDefault(schema))
        .map(({ path }) => `the default of ${path} is refused`),
  },
  {
    name: 'secrets are marked as secrets',
    faults: (component) =>
      paramsOf(component)
        .filter(({ name, schema }) => /password|secret|privatekey|passphrase|token/i.test(name) && !schema.secret)
        .map(({ path }) => `${path} is not marked`),
  },
  {
    name: 'a component that sends secrets has a parameter that names where they go',
    faults: (component) => {
      if (runsAlone(component)) return [];
      const params = paramsOf(component);
      const sendsSecrets = params.some(({ schema }) => schema.secret);
      return sendsSecrets && !params.some(({ name }) => namesPlace(name)) ? ['no parameter is known as a place: see keepMasked'] : [];
    },
  },
  { name: 'the browser reads parameters as the server does', faults: readsAlike },
  {
    name: 'the parameters of every example are valid and known',
    faults: (component) =>
      component.examples.flatMap(({ title, params }) =>
        readParams(traitsOf(component), params).issues.map(({ message }) => `${title}: ${message}`),
      ),
  },
];

interface NamedParam {
  name: string;
  path: string;
  schema: JSONSchema;
}

const paramsOf = (component: Component): NamedParam[] => namedIn(traitsOf(component).schema, '');

function namedIn(schema: JSONSchema, at: string): NamedParam[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = at === '' ? name : `${at}.${name}`;
    return [{ name, path, schema: property }, ...namedIn(property, path)];
  });
  return [
    ...own,
    ...(schema.items ? namedIn(schema.items, `${at}[]`) : []),
    ...(schema.anyOf ?? []).flatMap((option) => namedIn(option, at)),
  ];
}

function admitsDefault({ default: value, ...schema }: JSONSchema): boolean {
  return value === undefined || z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;
}

function readsAlike(component: Component): string[] {
  const server = traitsOf(component);
  const entry = JSON.parse(JSON.stringify(describeComponent(component)));
  const browser = lookupOf([entry])(component.type);
  if (!browser) return ['the catalogue does not know it'];
  if (!isDeepStrictEqual(browser.schema, server.schema)) return ['its schema is not plain JSON'];
  return component.examples
    .filter(({ params }) => !isDeepStrictEqual(readParams(browser, params).params, readParams(server, params).params))
    .map(({ title }) => `${title}: parameters are read differently`);
}
