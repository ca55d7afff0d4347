import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineFileWriter } from './component.ts';
import type { DataflowDocument, Step } from './document.ts';
import type { DataRecord } from './json.ts';
import { secret } from './params.ts';
import { MASK, mapSecrets, maskSecrets } from './secrets.ts';
import { lookupOfComponents } from './traits.ts';

const lookup = lookupOfComponents([
  defineFileWriter({
    type: 'datasource.write.vault',
    title: 'T',
    summary: 'S.',
    delivery: 'published-once',
    params: z.object({
      pin: secret().meta({ formerly: ['code'] }),
      token: z.string().optional(),
      doors: z.array(z.object({ name: z.string(), pin: secret() })).optional(),
    }),
    examples: [],
    write: async () => {},
  }),
]);
const vault = (params: DataRecord, id = 'vault'): Step => ({ id, type: 'datasource.write.vault', params });
const mask = (step: Step) => maskSecrets({ steps: [step] }, lookup).steps[0]?.params;

describe('masking secrets', () => {
  it('masks what the component says is secret, in lists and under older names too', () => {
    expect(mask(vault({ pin: '1234', token: 'shown', doors: [{ name: 'a', pin: '5' }] }))).toEqual({
      pin: MASK,
      token: 'shown',
      doors: [{ name: 'a', pin: MASK }],
    });
    expect(mask(vault({ code: '1234' }))).toEqual({ code: MASK });
  });

  it('goes by the name where no component says anything', () => {
    const names = [
      'password',
      'secret',
      'secretKey',
      'accountKey',
      'privateKey',
      'passphrase',
      'accessToken',
      'clientSecret',
      'token',
      'apiKey',
    ];
    const params = Object.fromEntries(names.map((name) => [name, 'x']));
    const open = { host: 'h', apiKeyName: 'n', objectKeyPrefix: 'p', publicKey: 'k', primaryKeys: 'UID', accessKey: 'AKIA' };
    const masked = Object.fromEntries(names.map((name) => [name, MASK]));
    expect(mask({ id: 'a', type: 'not.built', params: { ...params, ...open } })).toEqual({ ...masked, ...open });
    expect(mask(vault({ pin: '1', Password: 'typed wrong' }))).toEqual({ pin: MASK, Password: MASK });
  });

  it("shows a Gigya site's apiKey, which is public", () => {
    expect(mask({ id: 'a', type: 'datasource.read.gigya.audit', params: { apiKey: '4_x', secret: 's' } })).toEqual({
      apiKey: '4_x',
      secret: MASK,
    });
  });

  it('masks secrets that are no texts, and leaves unset ones alone', () => {
    expect(mask({ id: 'a', type: 'x', params: { password: 12345, secret: { key: 'k', n: [1] }, token: '', privateKey: null } })).toEqual({
      password: MASK,
      secret: { key: MASK, n: [MASK] },
      token: '',
      privateKey: null,
    });
  });

  it('masks headers that carry credentials', () => {
    const headers = [
      { name: 'Authorization', value: 'Bearer 1' },
      { name: 'X-API-Key', value: '2' },
      { name: 'Accept', value: 'text/plain' },
    ];
    expect(mask({ id: 'a', type: 'x', params: { headers, more: { authorization: 'Basic 3', accept: '*/*' } } })).toEqual({
      headers: [{ name: 'Authorization', value: MASK }, { name: 'X-API-Key', value: MASK }, headers[2]],
      more: { authorization: MASK, accept: '*/*' },
    });
  });

  it('masks an address with a password in it, wherever it stands', () => {
    const open = ['https://a.example/x@y:1', 'https://me@a.example', 'sftp://a.example:22/@', 'note: a://b'];
    expect(mask({ id: 'a', type: 'x', params: { url: 'https://me:pass@a.example/x', list: ['ftp://u:p@h', ...open] } })).toEqual({
      url: MASK,
      list: [MASK, ...open],
    });
  });

  it('changes neither the document nor the order of its keys, and takes __proto__ as a name', () => {
    const text = '{"z":1,"steps":[{"params":{"b":1,"__proto__":{"password":"p"},"a":2},"id":"s","type":"x","extra":true}],"name":"n"}';
    const document = JSON.parse(text) as DataflowDocument;
    expect(JSON.stringify(maskSecrets(document, lookup))).toBe(text.replace('"p"', `"${MASK}"`));
    expect(JSON.stringify(document)).toBe(text);
  });

  it('tells step and path of each secret', () => {
    const seen: string[] = [];
    mapSecrets({ steps: [vault({ code: '1', doors: [{ name: 'a', pin: '2' }] }, 'v')] }, lookup, (value, step, { param }) => {
      seen.push(`${step.id} ${param} ${value}`);
      return value;
    });
    expect(seen).toEqual(['v pin 1', 'v doors[0].pin 2']);
  });
});
