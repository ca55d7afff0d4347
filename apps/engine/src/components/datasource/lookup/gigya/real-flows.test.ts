import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Component, compileSet, type DataRecord, parseDocument, type Step } from '#dataflow';
import { runComponent } from '#testing';
import accountReader from '../../read/gigya/account.ts';
import auditReader from '../../read/gigya/audit.ts';
import commentReader from '../../read/gigya/comment.ts';
import accountWriter from '../../write/gigya/account.ts';
import genericWriter from '../../write/gigya/generic.ts';
import importer from '../../write/gigya/importaccount.ts';
import accountLookup from './account.ts';
import challengeLookup from './gm.ts';

// Dataflows of others as they are published, our own of the same shape as those that are not, and, where a folder is named, any.
const fixtures = path.join(import.meta.dirname, '../../../../dataflow/fixtures');
const folders = [path.join(fixtures, 'real'), path.join(fixtures, 'shaped')];
if (process.env.IDSYNC_REAL_DATAFLOWS) folders.push(process.env.IDSYNC_REAL_DATAFLOWS);

const components = new Map<string, Component>(
  [accountReader, commentReader, accountWriter, genericWriter, importer, accountLookup, challengeLookup].map((one) => [one.type, one]),
);

interface GigyaStep {
  flow: string;
  step: Step;
  component: Component;
}

const steps: GigyaStep[] = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const { document } = parseDocument(readFileSync(path.join(folder, file), 'utf8'));
      return (document?.steps ?? []).flatMap((step) => {
        const component = components.get(step.type);
        return component ? [{ flow: file, step, component }] : [];
      });
    }),
);

let server: GigyaServer;
let people: DataRecord[];
let made = 0;
beforeAll(async () => {
  server = await startGigya({ accounts: 400 });
  const select = 'UID, profile.email, profile.firstName, profile.lastName, loginIDs.emails';
  const where =
    'profile.email IS NOT NULL AND profile.firstName IS NOT NULL AND profile.lastName IS NOT NULL AND loginIDs.emails IS NOT NULL';
  people = (await runComponent(accountReader, { site: server.site, params: { select, where } })).records;
});
afterAll(() => server.stop());

/** The step as it is stored, but with credentials that open something. */
function run({ component, step }: GigyaStep, records: DataRecord[] = []) {
  const { apiKey, userKey, secret } = server.site;
  const params = { ...step.params } as DataRecord;
  if (params.apiKey !== undefined) Object.assign(params, { apiKey, userKey, secret });
  return runComponent(component, { site: server.site, params, records });
}

function someone(): DataRecord & { UID: string; profile: DataRecord } {
  const account = people[made++ % people.length] as DataRecord & { UID: string; profile: DataRecord };
  return structuredClone(account);
}

async function liteAccount(): Promise<{ email: string; token: string; UID: string }> {
  const email = `reader.${made++}@example.com`;
  const apiParams = [{ paramName: 'email', sourceField: 'email' }];
  await runComponent(genericWriter, {
    site: server.site,
    params: { apiMethod: 'accounts.importLiteAccount', apiParams },
    records: [{ email }],
  });
  const params = { select: 'email, token, UID', from: 'emailAccounts', where: `email = "${email}"` };
  const [found] = (await runComponent(accountReader, { site: server.site, params })).records;
  return found as { email: string; token: string; UID: string };
}

const of = (component: Component) =>
  steps.filter((step) => step.component === component).map((one) => [one.flow, one.step.id, one] as const);
const calling = (apiMethod: string) => of(genericWriter).filter(([, , { step }]) => step.params?.apiMethod === apiMethod);

describe('the Gigya steps of real flows run with the parameters they have', () => {
  test.each(of(accountReader))('%s: %s reads accounts', async (_flow, _id, step) => {
    const { records, errors, total } = await run(step);
    expect([records.length > 100, errors]).toEqual([true, []]);
    expect(records.length).toBe(total);
  });

  test.each(of(commentReader))('%s: %s reads comment streams', async (_flow, _id, step) => {
    const { records } = await run(step);
    expect(records).toHaveLength(30);
  });

  test.each(of(challengeLookup))('%s: %s adds achievements', async (_flow, _id, step) => {
    const { records, errors } = await run(step, people.slice(0, 5));
    expect([records.length, errors]).toEqual([5, []]);
    expect(records[0]?.achievements).toHaveLength(3);
  });

  test.each(of(accountWriter))('%s: %s writes accounts', async (_flow, _id, step) => {
    const { UID } = someone();
    const { records } = await run(step, [{ UID, 'profile.city': 'Wherever', data: { n: made } }]);
    expect(records).toHaveLength(1);
    expect(server.accountOf(UID)).toMatchObject({ profile: { city: 'Wherever' }, data: { n: made } });
  });

  test.each(of(accountLookup))('%s: %s finds who is there, and sends who is not to the error path', async (_flow, _id, step) => {
    const account = someone();
    const values: Record<string, unknown> = {
      UID: account.UID,
      email: account.profile.email,
      'profile.email': String(account.profile.email).toUpperCase(),
      'profile.firstName': account.profile.firstName,
      'profile.lastName': account.profile.lastName,
      'loginIDs.emails': account.profile.email,
    };
    const known: DataRecord = { n: 1 };
    const unknown: DataRecord = { n: 2 };
    for (const { sourceField, gigyaField } of (step.step.params?.lookupFields ?? []) as { sourceField: string; gigyaField: string }[]) {
      compileSet(sourceField)(known, values[gigyaField] as string);
      compileSet(sourceField)(unknown, 'nobody@nowhere.example');
    }
    const { records, errors } = await run(step, [known, unknown]);
    expect(records).toMatchObject([{ n: 1, UID: account.UID }]);
    expect(errors).toMatchObject([{ n: 2, _errorDetails: { errorCode: 404000 } }]);
  });

  test.each(of(importer))('%s: %s imports accounts', async (_flow, _id, step) => {
    const UID = `imported-${made++}`;
    const email = `${UID}@example.com`;
    const record = { uid: UID, profile: { email }, loginIds: { emails: [email] }, context: { id: UID }, data: { idxImportJobID: 'j' } };
    const { records, errors } = await run(step, [record, { ...record, uid: `broken-${UID}`, profile: { email: 7 } }]);
    expect(records).toMatchObject([record]);
    expect(errors).toMatchObject([{ uid: `broken-${UID}`, _errorDetails: { errorCode: 400009 } }]);
    expect(server.accountOf(UID)).toMatchObject({ loginIDs: { emails: [email] } });
    if (step.step.params?.addResponse) expect(records).toMatchObject([{ _response: { UID, context: `{"id":"${UID}"}` } }]);
  });

  test.each(calling('accounts.setAccountInfo'))('%s: %s updates accounts', async (_flow, _id, step) => {
    const { UID } = someone();
    const { records } = await run(step, [{ UID, _response: { UID }, customIdentifiers: { crm: `c${made}` }, context: 'x' }]);
    expect(records).toHaveLength(1);
    expect(records[0]?._response).toMatchObject(step.step.params?.addResponse ? { errorCode: 0, context: 'x' } : { UID });
  });

  test.each(calling('accounts.deleteAccount'))('%s: %s deletes accounts, which the audit log then tells', async (_flow, _id, step) => {
    const { UID } = someone();
    expect((await run(step, [{ UID }])).records).toHaveLength(1);
    expect(server.accountOf(UID)).toBeUndefined();
    const where = `endpoint = "accounts.deleteAccount" AND errCode = "0" AND uid = "${UID}"`;
    expect((await runComponent(auditReader, { site: server.site, params: { select: 'uid', where } })).records).toEqual([{ uid: UID }]);
  });

  test.each(calling('accounts.importLiteAccount'))('%s: %s imports lite accounts', async (_flow, _id, step) => {
    const email = `lite.${made++}@example.com`;
    const groups = { profile: { firstName: 'Lea' }, data: { source: 'list' } };
    const { records, errors } = await run(step, [
      { email, ...groups, request: groups },
      { email: 'no address', ...groups, request: groups },
    ]);
    expect([records.length, errors.length]).toEqual([1, 1]);
    const params = { select: 'profile.firstName, data.source', from: 'emailAccounts', where: `email = "${email}"` };
    expect((await runComponent(accountReader, { site: server.site, params })).records).toEqual([groups].map((group) => ({ ...group })));
  });

  test.each(calling('accounts.deleteLiteAccount'))('%s: %s deletes lite accounts', async (_flow, _id, step) => {
    const { UID, token } = await liteAccount();
    expect((await run(step, [{ UID, token }])).records).toHaveLength(1);
    expect((await run(step, [{ UID, token }])).errors).toMatchObject([{ _errorDetails: { errorCode: 404000 } }]);
  });

  test('no step is left out', () => {
    const known = [accountReader, commentReader, challengeLookup, accountWriter, accountLookup, importer].flatMap(of).length;
    const called = ['setAccountInfo', 'deleteAccount', 'importLiteAccount', 'deleteLiteAccount'].flatMap((name) =>
      calling(`accounts.${name}`),
    ).length;
    expect(known + called).toBe(steps.length);
    expect(steps.length).toBeGreaterThan(30);
  });
});

describe('whole chains of real flows', () => {
  const stepOf = (flow: string, id: string) => steps.find((one) => one.flow === flow && one.step.id === id) as GigyaStep;

  test('members are found or not, and both are imported: the known one keeps its UID, the new one gets one', async () => {
    const flow = 'merge-members.json';
    const known = someone();
    const records = [known.profile.email, 'new.member@example.com'].map((email) => ({ profile: { email: String(email) }, data: { n: 1 } }));
    const found = await run(stepOf(flow, 'Known already?'), records);
    expect([found.records.length, found.errors.length]).toEqual([1, 1]);
    const before = server.accountCount();
    const written = await run(stepOf(flow, 'Write member'), [...found.records, ...found.errors]);
    expect(written.records).toHaveLength(2);
    expect(server.accountCount() - before).toBe(1);
    expect(server.accountOf(known.UID)).toMatchObject({ data: { n: 1 } });
  });

  test('people are switched off and removed, with what the lookup found', async () => {
    const flow = 'remove-people.json';
    const { UID, profile } = someone();
    const found = await run(stepOf(flow, 'Find members'), [{ mail: String(profile.email), surname: String(profile.lastName) }]);
    const off = await run(stepOf(flow, 'Switch off'), found.records);
    expect(server.accountOf(UID)).toMatchObject({ isActive: false });
    await run(stepOf(flow, 'Remove member'), off.records);
    expect(server.accountOf(UID)).toBeUndefined();
    const lite = await liteAccount();
    const readers = await run(stepOf(flow, 'Find newsletter readers'), [{ mail: lite.email.toUpperCase() }]);
    expect((await run(stepOf(flow, 'Remove reader'), readers.records)).records).toHaveLength(1);
  });

  test('an import hands its UID and its context on to the call that follows', async () => {
    const flow = 'cdc-toolkit--azureFullAccountTemplate.json';
    const imported = await run(stepOf(flow, '10. gigya.importaccount'), [{ profile: { email: 'chain@example.com' }, context: 'row 1' }]);
    const [{ _response } = {}] = imported.records;
    const records = imported.records.map((record) => ({ ...record, internal: { from: 'chain' } }));
    const set = await run(stepOf(flow, '13. setAccountInfo'), records);
    expect(set.records).toMatchObject([{ _response: { context: 'row 1' } }]);
    expect(server.accountOf(String((_response as DataRecord).UID))).toMatchObject({ internal: { from: 'chain' } });
  });
});
