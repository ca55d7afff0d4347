import { describe, expect, it } from 'vitest';
import { components } from '#components';
import {
  type Component,
  checkDocument,
  checkMasks,
  type DataRecord,
  type Issue,
  type JSONSchema,
  type Json,
  lookupOfComponents,
  MASK,
  traitsOf,
} from '#dataflow';

/** Stands in values that must not come back in what is said about them. */
const planted = 'pl4nted-s3cret';

interface BadValue {
  what: string;
  /** Undefined leaves the parameter out. */
  value: Json | undefined;
}

/** A place inside params: names of objects and positions in lists. */
type Place = readonly (string | number)[];

const lookup = lookupOfComponents(components);

describe.each(components.map((component) => ({ type: component.type, component })))('$type', ({ component }) => {
  it('tells field, cause and remedy of every parameter that is wrong, and repeats no secret', () => {
    const found = component.examples.flatMap(({ params }) => wrongSets(component, params).flatMap((set) => complaints(component, set)));
    expect([...new Set(found)]).toEqual([]);
  });

  it('finds no fault in the parameters of its examples', () => {
    expect(component.examples.flatMap(({ params }) => issuesOf(component, params))).toEqual([]);
  });
});

describe('the walk over wrong parameters', () => {
  it('meets every way of being wrong', () => {
    const ways = new Set(
      components.flatMap((component) => component.examples.flatMap(({ params }) => wrongSets(component, params))).map(({ what }) => what),
    );
    expect([...ways].sort()).toEqual(
      [
        ...['missing', 'blank', 'a list', 'an object', 'a text', 'a mask', 'no such choice', 'an unfit text', 'a broken regex'],
        ...['a broken expression', 'a broken script', 'no address', 'another protocol', 'an address with a password', 'no host'],
        ...[
          'a fraction',
          'too low',
          'too high',
          'neither yes nor no',
          'an unknown charset',
          'an unknown zone',
          'a list of nulls',
          'an empty list',
        ],
      ].sort(),
    );
  });
});

interface WrongSet {
  params: DataRecord;
  field: string;
  what: string;
}

function issuesOf({ type }: Component, params: DataRecord): Issue[] {
  const document = { name: 'A flow', steps: [{ id: 'step', type, params }] };
  const ofParams = ({ field }: Issue) => field?.startsWith('params') === true;
  return [...checkDocument(document, lookup), ...checkMasks(document, lookup)].filter(ofParams);
}

function complaints(component: Component, { params, field, what }: WrongSet): string[] {
  const issues = issuesOf(component, params);
  const own = issues.filter((issue) => issue.severity === 'error' && issue.field && within(issue.field, field));
  return [
    ...(own.length === 0 ? [`${field} being ${what} is not told`] : []),
    ...own.filter(({ message, remedy }) => !message.trim() || !remedy.trim()).map(() => `${field} being ${what} has no cause or remedy`),
    ...(JSON.stringify(issues).includes(planted) ? [`${field} being ${what} repeats the value`] : []),
  ];
}

const within = (found: string, field: string) => found === field || found.startsWith(`${field}.`) || found.startsWith(`${field}[`);

/** The params of an example with one value after the other made wrong. */
function wrongSets(component: Component, params: DataRecord): WrongSet[] {
  const walk = (schema: JSONSchema, at: Place): WrongSet[] =>
    Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const place = [...at, name];
      const required = schema.required?.includes(name) === true;
      const own = badValues(name, property, required).map(({ what, value }) => ({
        params: changed(params, place, value) as DataRecord,
        field: `params${place.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')}`,
        what,
      }));
      const inner = property.items ? [...place, 0] : place;
      const entry = inner.reduce<Json | undefined>((value, part) => (value as Record<string, Json> | undefined)?.[part], params);
      return entry === undefined ? own : [...own, ...walk(property.items ?? property, inner)];
    });
  return walk(traitsOf(component).schema, []);
}

/** A copy with one value put in, or left out. */
function changed(value: Json | undefined, [part, ...rest]: Place, put: Json | undefined): Json | undefined {
  if (part === undefined) return put;
  if (Array.isArray(value)) return value.map((item, i) => (i === part ? (changed(item, rest, put) ?? null) : item));
  const { [part]: old, ...others } = (value ?? {}) as DataRecord;
  const made = changed(old, rest, put);
  return made === undefined ? others : { ...others, [part]: made };
}

const ways: readonly ((name: string, schema: JSONSchema, required: boolean) => Record<string, Json | undefined>)[] = [
  (_, schema, required) => (required ? { missing: undefined, ...(isText(schema) && needsText(schema) ? { blank: ' \t' } : {}) } : {}),
  (_, schema) => (isText(schema) ? { 'a list': [planted], 'an object': { x: planted } } : {}),
  (_, { type }) => (type === 'array' ? { 'a text': planted, 'a list of nulls': [null] } : {}),
  (_, { minItems = 0 }) => (minItems > 0 ? { 'an empty list': [] } : {}),
  (_, { type, properties }) => (type === 'object' && properties ? { 'a text': planted, 'a list': [planted] } : {}),
  (_, { secret }) => (secret ? { 'a mask': MASK } : {}),
  (_, schema) => (isText(schema) && schema.enum ? { 'no such choice': `no ${planted}` } : {}),
  (_, { pattern, language }) => (pattern && pattern !== '[^\\s,]' && !language ? { 'an unfit text': `\u{1f4a5}, ${planted}` } : {}),
  (_, { language }) => (language === 'regex' ? { 'a broken regex': '([a-' } : {}),
  (_, { language }) => (language === 'jexl' ? { 'a broken expression': 'a ++ (' } : {}),
  (_, { language }) =>
    language === 'javascript' ? { 'a broken script': Buffer.from('function process(record {').toString('base64') } : {},
  (name) => (isAddress(name) ? { 'no address': `not one ${planted}`, 'another protocol': `ftp://${planted}/` } : {}),
  (name) => (isAddress(name) ? { 'an address with a password': `https://ann:${planted}@x.example/services/Soap/u/58.0` } : {}),
  (name) => (name === 'host' ? { 'no host': `sftp://ann:${planted}@x.example/in` } : {}),
  (name, { type }) => (type === 'string' && /charset/i.test(name) ? { 'an unknown charset': `charset-${planted}` } : {}),
  (name, { type }) => (type === 'string' && /zone$/i.test(name) ? { 'an unknown zone': 'Mars/Olympus' } : {}),
  (_, schema) => (isNumber(schema) ? { 'a text': `many ${planted}`, 'a list': [1], ...beyond(schema) } : {}),
  (_, { type }) => (type === 'integer' ? { 'a fraction': 12.5 } : {}),
  (_, { type }) => (type === 'boolean' ? { 'neither yes nor no': `maybe ${planted}`, 'a list': [true] } : {}),
];

const badValues = (name: string, schema: JSONSchema, required: boolean): BadValue[] =>
  ways.flatMap((way) => Object.entries(way(name, schema, required)).map(([what, value]) => ({ what, value })));

const isText = ({ type }: JSONSchema) => type === 'string';
const isNumber = ({ type }: JSONSchema) => type === 'integer' || type === 'number';
const needsText = ({ minLength = 0, blanks, language }: JSONSchema) => minLength > 0 && !blanks && language !== 'regex';
/** `blobUri` is a path behind the address of its broker. */
const isAddress = (name: string) => /(?:url|uri|endpoint|domain)$/i.test(name) && name !== 'blobUri';

function beyond({ minimum, maximum, exclusiveMinimum }: JSONSchema): Record<string, number> {
  const lowest = minimum ?? exclusiveMinimum;
  const isSet = (limit: number | undefined): limit is number => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  return { ...(isSet(lowest) ? { 'too low': lowest - 1 } : {}), ...(isSet(maximum) ? { 'too high': maximum + 1 } : {}) };
}
