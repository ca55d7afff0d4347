import { sftpLogin } from '../fixtures/sandbox.ts';
import { expect, test } from '../fixtures/test.ts';

const wrong = 'not-the-password-of-anyone';

test('a refused login fails the job with host, user and port in its trace, and the password shows nowhere', async ({ page, studio }) => {
  const { host, port, username } = sftpLogin();
  const flow = {
    name: `Refused ${Date.now()}`,
    steps: [
      { id: 'account', type: 'datasource.read.gigya.account', params: { select: 'UID' }, next: ['format'] },
      { id: 'format', type: 'file.format.json', params: { fileName: 'a.json' }, next: ['write'] },
      { id: 'write', type: 'datasource.write.sftp', params: { host, port, username, password: wrong } },
    ],
  };
  const answers: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/trpc/') && !response.url().includes('watch')) answers.push(await response.text().catch(() => ''));
  });
  await page.goto('/dataflows/new?from=json');
  await page.getByRole('textbox', { name: 'JSON of the data flow' }).fill(JSON.stringify(flow));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(studio.step('write')).toBeVisible();
  await page.getByRole('button', { name: 'Run test', exact: true }).click();
  await expect(page.getByTestId('job-status')).toHaveAttribute('data-status', 'failed', { timeout: 60_000 });
  await page.getByRole('tab', { name: /Trace/ }).click();
  const trace = page.getByRole('table', { name: /Trace/ });
  await expect(trace).toContainText('Job has failed.');
  for (const fact of [host, username, String(port)]) await expect(trace).toContainText(fact);
  expect(await page.content()).not.toContain(wrong);
  await page.goto('/jobs');
  await expect(page.getByRole('row', { name: new RegExp(flow.name) })).toContainText(/failed/i);
  expect(answers.length).toBeGreaterThan(3);
  expect(answers.filter((answer) => answer.includes(wrong))).toEqual([]);
});
