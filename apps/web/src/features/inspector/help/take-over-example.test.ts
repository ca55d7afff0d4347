import type { JSONSchema } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { takeOverExample } from './take-over-example.ts';

const schema: JSONSchema = {
  properties: {
    url: { type: 'string' },
    password: { type: 'string', secret: true },
    authentication: { type: 'object', properties: { type: { type: 'string' }, token: { type: 'string', secret: true } } },
  },
};

test('an example goes over what the step has, other parameters stay', () => {
  expect(takeOverExample({ url: 'old', folder: '/in' }, { url: 'new', rows: [1] }, schema)).toEqual({
    url: 'new',
    folder: '/in',
    rows: [1],
  });
});

test('secrets of the step stay, those of the example are left out, inside objects too', () => {
  const example = { url: 'new', password: 'made-up', authentication: { type: 'bearer', token: 'made-up' } };
  expect(takeOverExample({ password: '********', authentication: { token: '********' } }, example, schema)).toEqual({
    url: 'new',
    password: '********',
    authentication: { type: 'bearer', token: '********' },
  });
  expect(takeOverExample({}, example, schema)).toEqual({ url: 'new', authentication: { type: 'bearer' } });
});
