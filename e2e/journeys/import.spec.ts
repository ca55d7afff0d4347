import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../fixtures/test.ts';

interface Flow {
  steps: { id: string; type: string; next?: string[] | null; error?: string[] | null; params?: Record<string, unknown> | null }[];
}

const fixtures = path.join(import.meta.dirname, '../../apps/engine/src/dataflow/fixtures');
const flowsIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(folder, name));
const kept = [...flowsIn(path.join(fixtures, 'real')), ...flowsIn(path.join(fixtures, 'shaped'))];
const given = process.env.IDSYNC_REAL_DATAFLOWS ? flowsIn(process.env.IDSYNC_REAL_DATAFLOWS) : [];
const files = [...kept, ...given.filter((file) => !kept.some((one) => path.basename(one) === path.basename(file)))];

test('flows from the field import, draw with every step and arrow, and export unchanged', async ({ page, studio }) => {
  test.setTimeout(files.length * 20_000);
  expect(files.length).toBeGreaterThanOrEqual(25);
  for (const file of files) {
    await test.step(path.basename(file), async () => {
      const text = readFileSync(file, 'utf8');
      const flow = JSON.parse(text) as Flow;
      await page.goto('/dataflows/new?from=json');
      // As people paste it: with a comment and a trailing comma.
      const pasted = `// from the original's console\n${text.trimEnd().replace(/\}$/, ',}')}`;
      await page.getByRole('textbox', { name: 'JSON of the data flow' }).fill(pasted);
      await page.getByRole('button', { name: /^Import/ }).click();
      await expect(page).toHaveURL(/\/dataflows\/[0-9a-f]{32}$/);
      await expect(page.getByTestId('canvas').locator('[data-testid^="step-"]')).toHaveCount(flow.steps.length);
      const arrows = flow.steps.reduce((sum, step) => sum + (step.next?.length ?? 0) + (step.error?.length ?? 0), 0);
      await expect(page.getByTestId('canvas').locator('.react-flow__edge')).toHaveCount(arrows);
      const exported = await exportedText(page.url().split('/').at(-1) ?? '', page);
      // Secrets never leave: a set one reads as the mask, everything else is as it came, key order too.
      expect(maskedAlike(JSON.parse(exported), flow)).toEqual([]);
    });
  }
  await expect(studio.page.getByRole('link', { name: 'Back to dataflows' })).toBeVisible();
});

/** The text that Export hands out, fetched as the page does. */
async function exportedText(id: string, page: import('@playwright/test').Page): Promise<string> {
  const answer = await page.request.get(`/api/trpc/dataflows.export?input=${encodeURIComponent(JSON.stringify({ id }))}`);
  const { result } = (await answer.json()) as { result: { data: { text: string } } };
  return result.data.text;
}

const MASK = '********';

/** Paths at which the two differ, the mask in place of a text aside. Compares key order as well. */
function maskedAlike(got: unknown, want: unknown, at = ''): string[] {
  if (got === MASK && typeof want === 'string' && want !== '') return [];
  if (typeof got !== 'object' || got === null || typeof want !== 'object' || want === null) return got === want ? [] : [at];
  const keys = Object.keys(want);
  if (JSON.stringify(Object.keys(got)) !== JSON.stringify(keys)) return [`${at} has the keys ${Object.keys(got)} in place of ${keys}`];
  return keys.flatMap((key) => maskedAlike((got as Record<string, unknown>)[key], (want as Record<string, unknown>)[key], `${at}.${key}`));
}
