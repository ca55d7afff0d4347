import { gunzipSync } from 'node:zlib';
import { accountOf, filesOnSftp, sftpLogin } from '../fixtures/sandbox.ts';
import { typeInto } from '../fixtures/studio.ts';
import { expect, test } from '../fixtures/test.ts';

const script = `function process(record, ctx, logger, next, error) {
  if (!/\\.(com|org)$/i.test(record.EMAIL)) throw new Error('not a com or org address');
  logger.info('seen', record.EMAIL);
  record.domain = record.EMAIL.split('@')[1].toLowerCase();
  return record;
}`;

test('from a template to bytes on the SFTP server', async ({ page, studio }) => {
  const folder = `/outbox/journey-${Date.now()}`;
  const { host, port, username, password } = sftpLogin();

  await test.step('create the flow from a template', async () => {
    await page.getByRole('link', { name: 'Create data flow' }).click();
    await page.getByRole('radio', { name: 'SFTP', exact: true }).click();
    await page.getByRole('radio', { name: 'Export accounts as CSV, compressed' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Journey to SFTP');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(studio.step('account')).toBeVisible();
    await expect(page.getByTestId('flow-status')).toHaveText(/draft/i);
  });

  await test.step('set the parameters of the writer on a double click', async () => {
    await studio.showAll();
    await studio.openParameters('sftp');
    await studio.fill('Host', host);
    await studio.fill('Port', String(port));
    await studio.fill('User name', username);
    await studio.fill('Password', password);
    await studio.fill('Folder', folder);
    await studio.inspector.getByRole('button', { name: 'Test connection' }).click();
    await expect(studio.inspector.getByLabel('It works')).toBeVisible();
    await studio.closeParameters();
  });

  await test.step('drop a script into an arrow, write it and test it', async () => {
    await studio.showAll();
    await studio.dragFromPalette('record.evaluate', await studio.middleOf('rename', 'remove'));
    await studio.openParameters('script');
    await studio.inspector.getByRole('button', { name: 'Edit script' }).click();
    const editor = page.getByRole('dialog', { name: /Custom script/ });
    await typeInto(page, editor.locator('.monaco-editor').first(), script);
    const panel = editor.getByRole('region', { name: 'Test script' });
    await typeInto(page, panel.locator('.monaco-editor').first(), '[{"EMAIL":"Ann@Example.com"},{}]');
    await panel.getByRole('button', { name: 'Run' }).click();
    await expect(panel.getByTestId('script-output')).toContainText('"domain": "example.com"');
    await expect(panel.getByRole('status')).toContainText('1 failed');
    await panel.getByRole('tab', { name: /Log/ }).click();
    await expect(panel.getByTestId('script-log')).toContainText('Ann@Example.com');
    await editor.getByRole('button', { name: 'Close script' }).click();
    await studio.closeParameters();
  });

  await test.step('send failed records to a file of their own by an error arrow', async () => {
    await studio.showAll();
    await studio.dragFromPalette('file.format.json', await studio.below('script'));
    await studio.openParameters('json');
    await studio.fill('File name', 'refused.json');
    await studio.closeParameters();
    await studio.showAll();
    await studio.drawArrow('script', 'json', 'Error');
    await studio.drawArrow('json', 'sftp', 'Success');
    const { steps } = await studio.source();
    expect(steps.find((step) => step.id === 'rename')?.next).toEqual(['script']);
    expect(steps.find((step) => step.id === 'script')).toMatchObject({ next: ['remove'], error: ['json'] });
    expect(steps.find((step) => step.id === 'json')?.next).toEqual(['sftp']);
  });

  await test.step('save: the draft becomes version 1 of a flow that can run', async () => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByTestId('flow-status')).toHaveText(/published v\d/i);
    await page.reload();
    await studio.openParameters('sftp');
    await expect(studio.inspector.getByRole('textbox', { name: 'Password', exact: true })).toHaveValue('********');
    await studio.closeParameters();
  });

  await test.step('run the test and watch the job', async () => {
    await page.getByRole('button', { name: 'Run test' }).click();
    await expect(page).toHaveURL(/\/jobs\/[0-9a-f]{32}$/);
    await expect(page.getByTestId('job-status')).toHaveAttribute('data-status', 'succeeded', { timeout: 60_000 });
    await expect(page.getByTestId('job-processed')).toHaveText('10');
    await page.getByRole('tab', { name: /Step metrics/ }).click();
    await expect(
      page
        .getByRole('tabpanel')
        .getByRole('row', { name: /account/ })
        .first(),
    ).toContainText('10');
    await page.getByRole('tab', { name: /Errors/ }).click();
    await page.getByRole('tab', { name: /Trace/ }).click();
    await expect(page.getByRole('table', { name: /Trace/ })).toContainText('Job has succeeded.');
    expect(await page.content()).not.toContain(password);
  });

  await test.step('find the job in the history of the flow', async () => {
    const id = page.url().split('/').at(-1);
    await page.getByRole('link', { name: 'Journey to SFTP' }).first().click();
    await expect(studio.step('account')).toBeVisible();
    await page.getByRole('link', { name: 'Status' }).click();
    await page.getByRole('textbox', { name: 'Query' }).fill("startTime>'2017-5-8' AND status='succeeded'");
    await page.getByRole('textbox', { name: 'Query' }).press('Enter');
    await expect(page.getByTestId(`job-${id}`)).toBeVisible();
    await page.getByRole('textbox', { name: 'Query' }).fill("startTime<'2017-5-8'");
    await page.getByRole('textbox', { name: 'Query' }).press('Enter');
    await expect(page.getByTestId(`job-${id}`)).toBeHidden();
  });

  await test.step('compare what arrived with what the account store holds', async () => {
    const written = await filesOnSftp(folder, /^accounts_.*\.csv\.gz$/);
    expect(written).toHaveLength(1);
    const [head = '', ...lines] = gunzipSync(written[0]?.bytes ?? Buffer.alloc(0))
      .toString('utf8')
      .trimEnd()
      .split('\n');
    const columns = head.split(',');
    const refused = await filesOnSftp(folder, /^refused\.json$/);
    const failed = refused.flatMap((file) => JSON.parse(file.bytes.toString('utf8')) as { _errorDetails: { errorMessage: string } }[]);
    expect(failed.every((record) => record._errorDetails.errorMessage.includes('not a com or org address'))).toBe(true);
    expect(failed.length).toBeGreaterThan(0);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length + failed.length).toBe(10);
    for (const line of lines) {
      const cells = line.split(',');
      const row = Object.fromEntries(columns.map((name, i) => [name, cells[i]]));
      const { profile } = await accountOf(row.UID ?? '');
      expect(row.EMAIL).toBe(profile?.email);
      expect(row.domain).toBe(String(profile?.email).split('@')[1]?.toLowerCase());
    }
  });
});
