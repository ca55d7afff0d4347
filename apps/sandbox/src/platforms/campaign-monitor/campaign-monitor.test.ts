import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { campaignMonitor, campaignMonitorStandIn, demoCampaignMonitor } from './campaign-monitor.ts';

let server: PlatformsServer<'campaign-monitor'>;
beforeAll(async () => {
  server = await startPlatforms([campaignMonitor], { clock: () => Date.UTC(2024, 2, 1) });
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['campaign-monitor'].reset());

const basic = (key: string) => `Basic ${Buffer.from(`${key}:x`).toString('base64')}`;
const call = async (
  path: string,
  { body, authorization = basic(demoCampaignMonitor.apiKey) }: { body?: unknown; authorization?: string } = {},
) => {
  const answer = await fetch(`${server.platforms['campaign-monitor'].url}/api/v3.3${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
};
const { listId } = demoCampaignMonitor;
const someone = (n: number, more: object = {}) => ({
  EmailAddress: `new${n}@example.com`,
  Name: `New ${n}`,
  ConsentToTrack: 'Unchanged',
  ...more,
});
const bringIn = (Subscribers: unknown, Resubscribe: unknown = false) =>
  call(`/subscribers/${listId}/import.json`, { body: { Subscribers, Resubscribe } });

describe('Campaign Monitor', () => {
  it('refuses a missing header, a wrong key, an unknown list and an unknown path by its own codes', async () => {
    expect(await call(`/lists/${listId}.json`, { authorization: 'none' })).toMatchObject({ status: 401, json: { Code: 50 } });
    expect(await call(`/lists/${listId}.json`, { authorization: basic('wrong') })).toMatchObject({
      status: 401,
      json: { Code: 100, Message: 'Invalid API Key' },
    });
    expect(await call('/lists/other.json')).toMatchObject({ status: 401, json: { Code: 101, Message: 'Invalid ListID' } });
    expect((await call('/nothing')).status).toBe(404);
    expect((await call(`/lists/${listId}.json`)).json).toMatchObject({ Title: 'Website subscribers' });
    expect((await call(`/lists/${listId}/customfields.json`)).json[0]).toMatchObject({ FieldName: 'GigyaUID', Key: '[GigyaUID]' });
  });

  it('pages the subscribers of a state and counts them', async () => {
    const first = (await call(`/lists/${listId}/active.json?page=1&pagesize=100`)).json;
    expect(first).toMatchObject({
      RecordsOnThisPage: 100,
      TotalNumberOfRecords: 192,
      NumberOfPages: 2,
      ResultsOrderedBy: 'email',
      OrderDirection: 'asc',
    });
    const second = (await call(`/lists/${listId}/active.json?page=2&pagesize=100`)).json.Results;
    expect(second).toHaveLength(92);
    const addresses = [...first.Results, ...second].map(({ EmailAddress }: { EmailAddress: string }) => EmailAddress);
    expect(new Set(addresses).size).toBe(192);
    expect(first.Results[0]).toMatchObject({ State: 'Active', Date: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) });
    expect((await call(`/lists/${listId}/bounced.json`)).json.TotalNumberOfRecords).toBe(12);
  });

  it('filters by day and refuses what it cannot read', async () => {
    const { Results } = (await call(`/lists/${listId}/active.json?date=2024-01-31`)).json;
    expect(Results.length).toBeGreaterThan(1);
    expect(Results.every(({ Date: date }: { Date: string }) => date >= '2024-01-31')).toBe(true);
    const codes = ['date=31.1.2024', 'page=0', 'pagesize=1001', 'orderfield=age', 'orderdirection=up'].map(
      async (query) => (await call(`/lists/${listId}/active.json?${query}`)).json.Code,
    );
    expect(await Promise.all(codes)).toEqual([5, 800, 801, 802, 803]);
  });

  it('imports subscribers, keeps fields it knows, and clears them when told', async () => {
    const CustomFields = [
      { Key: 'GigyaUID', Value: 'u1' },
      { Key: '[FavouriteTopics]', Value: 'Sport' },
      { Key: '[FavouriteTopics]', Value: 'Music' },
      { Key: 'Nothing', Value: 'x' },
    ];
    expect(await bringIn([someone(1, { CustomFields }), someone(1)])).toMatchObject({
      status: 201,
      json: { TotalNewSubscribers: 1, TotalUniqueEmailsSubmitted: 1, DuplicateEmailsInSubmission: ['new1@example.com'] },
    });
    await bringIn([someone(1, { Name: 'Other', CustomFields: [{ Key: 'GigyaUID', Value: '', Clear: true }] })]);
    expect((await call(`/subscribers/${listId}.json?email=NEW1@example.com`)).json).toMatchObject({
      Name: 'Other',
      State: 'Active',
      CustomFields: [
        { Key: 'FavouriteTopics', Value: 'Sport' },
        { Key: 'FavouriteTopics', Value: 'Music' },
      ],
    });
    expect(await call(`/subscribers/${listId}.json?email=nobody@example.com`)).toMatchObject({ status: 400, json: { Code: 203 } });
  });

  it('answers 400 with code 210 and what happened when some are refused', async () => {
    const [left] = (await call(`/lists/${listId}/unsubscribed.json`)).json.Results;
    const wanted = [someone(1), someone(2, { EmailAddress: 'none' }), { ...someone(3), EmailAddress: left.EmailAddress }];
    expect(await bringIn(wanted)).toMatchObject({
      status: 400,
      json: {
        Code: 210,
        ResultData: {
          TotalNewSubscribers: 1,
          FailureDetails: [
            { EmailAddress: 'none', Code: 1, Message: 'Invalid Email Address' },
            { EmailAddress: left.EmailAddress, Code: 206 },
          ],
        },
      },
    });
    expect((await bringIn(wanted, true)).json.ResultData.FailureDetails).toHaveLength(1);
  });

  it('refuses an import as a whole that is too long or not of the schema', async () => {
    const before = server.platforms['campaign-monitor'].state();
    expect((await bringIn(Array.from({ length: 1001 }, (_, n) => someone(n)))).json.Code).toBe(400);
    for (const wrong of [
      'x',
      { ConsentToTrack: 'Maybe' },
      { Name: 5 },
      { Name: 'a\u0000b' },
      { EmailAddress: null },
      { CustomFields: [{ Key: 'Age' }] },
    ])
      expect(await bringIn([someone(1), typeof wrong === 'string' ? wrong : someone(2, wrong)])).toMatchObject({
        status: 400,
        json: { Code: 400 },
      });
    expect((await bringIn('x')).status).toBe(400);
    expect((await bringIn([], 'no')).status).toBe(400);
    expect((await call(`/subscribers/${listId}/import.json`, { body: '{' })).status).toBe(400);
    expect(server.platforms['campaign-monitor'].state()).toEqual(before);
  });

  it('unsubscribes who is in the list', async () => {
    const leave = (EmailAddress: unknown) => call(`/subscribers/${listId}/unsubscribe.json`, { body: { EmailAddress } });
    await bringIn([someone(1)]);
    expect(await leave('new1@example.com')).toEqual({ status: 200, json: undefined });
    expect((await leave('nobody@example.com')).json.Code).toBe(203);
    expect((await leave('none')).json.Code).toBe(1);
    expect((await leave(5)).json.Code).toBe(400);
    expect((await call(`/subscribers/${listId}.json?email=new1@example.com`)).json).toMatchObject({
      State: 'Unsubscribed',
      Date: '2024-03-01 00:00:00',
    });
  });

  it('answers 429 beyond its rate and tells when it ends', async () => {
    const slow = await startPlatforms([campaignMonitorStandIn({ callsPerMinute: 2 })]);
    const ask = () =>
      fetch(`${slow.platforms['campaign-monitor'].url}/api/v3.3/lists/${listId}.json`, {
        headers: { authorization: basic(demoCampaignMonitor.apiKey) },
      });
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get('x-ratelimit-reset'))).toBeGreaterThan(50);
    await slow.stop();
  });
});
