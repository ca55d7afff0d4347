import { typeInto } from '../fixtures/studio.ts';
import { expect, test } from '../fixtures/test.ts';

const good = JSON.stringify({
  name: 'Kept',
  steps: [
    { id: 'read', type: 'datasource.read.gigya.account', params: { select: 'UID' }, next: ['format'] },
    { id: 'format', type: 'file.format.json', params: { fileName: 'a.json' }, next: ['write'] },
    { id: 'write', type: 'datasource.write.sftp', params: { host: 'sftp.example.com', username: 'etl', password: 'a-journey-secret' } },
  ],
});

const steps = (list: object[]) => JSON.stringify({ name: 'Kept', steps: list });
const read = { id: 'read', type: 'datasource.read.gigya.account', params: { select: 'UID' }, next: ['b'] };
const remove = (id: string, next: string[]) => ({ id, type: 'field.remove', params: { fields: ['x'] }, next });

const bad: [string, string, RegExp][] = [
  ['a circle', steps([read, remove('b', ['c']), remove('c', ['b'])]), /circle|cycle|loop/i],
  ['a dangling id', steps([read]), /\bb\b/],
  ['a duplicate id', steps([{ ...read, next: ['read'] }, remove('b', []), remove('b', [])]), /b/],
  [
    'an unknown component',
    steps([
      { ...read, next: ['b'] },
      { id: 'b', type: 'field.renam' },
    ]),
    /field\.renam/,
  ],
  ['a missing required parameter', steps([read, { id: 'b', type: 'field.remove', params: {} }]), /fields/i],
  [
    'files into a record step',
    steps([{ id: 'f', type: 'datasource.read.sftp', params: { host: 'h', username: 'u', password: 'p' }, next: ['b'] }, remove('b', [])]),
    /files/,
  ],
];

test('a wrong document is told with step and remedy, is not saved over the good version, and does not run', async ({ page, studio }) => {
  await page.goto('/dataflows/new?from=json');
  await page.getByRole('textbox', { name: 'JSON of the data flow' }).fill(good);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(studio.step('read')).toBeVisible();
  await expect(page.getByTestId('flow-status')).toHaveText(/published v1/i);
  expect(await page.content()).not.toContain('a-journey-secret');
  const source = page.getByTestId('source');
  for (const [what, text, told] of bad) {
    await test.step(what, async () => {
      await page.getByRole('button', { name: 'Source', exact: true }).click();
      await typeInto(page, source.locator('.monaco-editor').first(), text);
      await page.getByRole('button', { name: 'Canvas', exact: true }).click();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const problems = page.getByRole('region', { name: 'Problems' });
      await expect(problems).toContainText(told);
      await page.getByRole('button', { name: 'Close problems' }).click();
      await expect(page.getByTestId('flow-status')).toHaveText(/published v1/i);
    });
  }
  await test.step('what is not JSON stays in the source view, and the canvas keeps the last good flow', async () => {
    await page.getByRole('button', { name: 'Source', exact: true }).click();
    await typeInto(page, source.locator('.monaco-editor').first(), '{"steps": [');
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeVisible();
    await expect(source).toContainText(/JSON|expected|closing/i);
  });
  await test.step('the stored version is the good one', async () => {
    const id = page.url().split('/').at(-1) ?? '';
    const answer = await page.request.get(`/api/trpc/dataflows.export?input=${encodeURIComponent(JSON.stringify({ id }))}`);
    const { result } = (await answer.json()) as { result: { data: { text: string } } };
    expect(result.data.text).toBe(
      `${JSON.stringify(JSON.parse(good.replace('a-journey-secret', '********')), undefined, 2)}${result.data.text.endsWith('\n') ? '\n' : ''}`,
    );
  });
});
