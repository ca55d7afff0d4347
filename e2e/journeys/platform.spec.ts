import { filesOnSftp, mailchimpLogin, mailchimpMembers, sftpLogin } from '../fixtures/sandbox.ts';
import { expect, test } from '../fixtures/test.ts';

test('members of a mailing list become a JSON file on the SFTP server', async ({ page, studio }) => {
  const folder = `/outbox/platform-${Date.now()}`;
  const members = await mailchimpMembers();
  expect(members.length).toBeGreaterThan(100);

  await test.step('begin with an empty flow', async () => {
    await page.goto('/dataflows/new?from=json');
    await page.getByRole('textbox', { name: 'JSON of the data flow' }).fill('{"name": "Members to JSON", "steps": []}');
    await page.getByRole('button', { name: /^Import/ }).click();
    await expect(page.getByRole('heading', { name: 'An empty flow' })).toBeVisible();
  });

  await test.step('line up the steps, found by what they do and by their names', async () => {
    await studio.addFromPalette('read mailchimp');
    await expect(studio.step('mailchimp')).toBeVisible();
    await studio.addFromPalette('select fields');
    await studio.addByCommand('Evaluate expressions');
    await expect(studio.step('evaluate')).toBeVisible();
    await studio.addByCommand('Format JSON');
    await studio.addFromPalette('write sftp');
    await expect(studio.step('sftp')).toBeVisible();
    await studio.showAll();
  });

  await test.step('a wrong key is told from a right one', async () => {
    const { apiUrl, apiKey, listId } = mailchimpLogin();
    await studio.openParameters('mailchimp');
    await studio.fill('API address', apiUrl);
    await studio.fill('API key', 'ffffffffffffffffffffffffffffffff-us6');
    await studio.fill('List id', listId);
    await studio.inspector.getByRole('button', { name: 'Test connection' }).click();
    await expect(studio.inspector.getByRole('status')).toContainText('Check the API key');
    await studio.fill('API key', apiKey);
    await studio.inspector.getByRole('button', { name: 'Test connection' }).click();
    await expect(studio.inspector.getByLabel('It works')).toBeVisible();
    await studio.closeParameters();
  });

  await test.step('choose fields, and compute one with the help open beside the form', async () => {
    await studio.openParameters('select');
    for (const [index, field] of ['email_address', 'status', 'merge_fields'].entries()) {
      await studio.inspector.getByRole('button', { name: 'Add a row to Fields' }).click();
      await studio.inspector.getByRole('combobox', { name: `Fields ${index + 1}` }).fill(field);
    }
    await studio.closeParameters();
    await studio.openParameters('evaluate');
    await studio.inspector.getByRole('button', { name: 'About this component' }).click();
    const help = page.getByRole('complementary', { name: 'About Evaluate expressions' });
    await expect(help.getByRole('region', { name: 'What can go wrong' })).toBeVisible();
    await help.getByRole('button', { name: /^Use the parameters of Words for a flag/ }).click();
    await expect(studio.inspector.getByRole('textbox', { name: 'Expression 2' })).toHaveValue(/profile\.firstName/);
    await help.getByRole('button', { name: 'Close help' }).click();
    await studio.fill('Expression 1', "status == 'subscribed' ? 'Yes' : 'No'");
    await studio.inspector.getByRole('combobox', { name: 'Field 2' }).fill('greeting');
    await studio.fill('Expression 2', "'Dear ' + merge_fields.FNAME");
    await studio.closeParameters();
  });

  await test.step('where the file goes', async () => {
    await studio.openParameters('json');
    await studio.fill('File name', 'members.json');
    await studio.closeParameters();
    const { host, port, username, password } = sftpLogin();
    await studio.openParameters('sftp');
    await studio.fill('Host', host);
    await studio.fill('Port', String(port));
    await studio.fill('User name', username);
    await studio.fill('Password', password);
    await studio.fill('Folder', folder);
    await studio.closeParameters();
  });

  await test.step('run it and see every member counted', async () => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByTestId('flow-status')).toHaveText(/published v\d/i);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page).toHaveURL(/\/jobs\/[0-9a-f]{32}$/);
    await expect(page.getByTestId('job-status')).toHaveAttribute('data-status', 'succeeded', { timeout: 60_000 });
    await expect(page.getByTestId('job-processed')).toHaveText(String(members.length));
    await page.getByRole('tab', { name: /Step metrics/ }).click();
    const counts = page.getByRole('tabpanel').getByRole('row', { name: /evaluate/ });
    await expect(counts).toContainText(String(members.length));
  });

  await test.step('the file holds what the list holds', async () => {
    const [file, ...others] = await filesOnSftp(folder, /^members\.json$/);
    expect(others).toEqual([]);
    const written = JSON.parse(file?.bytes.toString('utf8') ?? '[]') as Record<string, unknown>[];
    const wanted = members.map(({ email_address, status, merge_fields }) => ({
      ...{ email_address, status, merge_fields },
      Newsletter: status === 'subscribed' ? 'Yes' : 'No',
      greeting: `Dear ${merge_fields.FNAME}`,
    }));
    const byAddress = (a: { email_address?: unknown }, b: { email_address?: unknown }) =>
      String(a.email_address) < String(b.email_address) ? -1 : 1;
    expect(written.toSorted(byAddress)).toEqual(wanted.toSorted(byAddress));
  });
});
