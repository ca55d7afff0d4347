import { expect, test } from 'vitest';
import { ConfigError } from '#dataflow';
import { runComponent } from '#testing';
import compress from '../compress/zip.ts';
import component from './zip.ts';

const archive = async (password: string) =>
  (await runComponent(compress, { params: { password }, files: { 'a.csv': 'x'.repeat(2_000_000) } })).files[0]?.bytes ?? '';

test('a missing and a wrong password name field, cause and remedy', async () => {
  const files = { 'a.zip': await archive('right') };
  for (const [password, remedy] of [
    ['', 'Set password.'],
    ['wrong', 'Correct password.'],
  ]) {
    const error = await runComponent(component, { params: { password: password ?? '' }, files }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ field: 'params.password', message: expect.stringContaining(remedy ?? '') });
    expect(String(error)).not.toContain('right');
  }
});

test('the limits are parameters', async () => {
  const files = { 'a.zip': await archive('') };
  await expect(runComponent(component, { params: { maxTotalSize: 1 }, files })).rejects.toThrow('Raise maxTotalSize');
  await expect(runComponent(component, { params: { maxTotalSize: 0 }, files })).rejects.toThrow('Largest total is too small.');
  await expect(runComponent(component, { params: { maxEntries: 'many' }, files })).rejects.toThrow('Most entries must be a whole number.');
  expect((await runComponent(component, { params: { maxTotalSize: '2' }, files })).files).toHaveLength(1);
});
