import type { Request, Response } from 'express';
import { queryText } from '../json-request.ts';
import { answerError } from './api-error.ts';
import { dateText, type Subscriber, type SubscriberList, type SubscriberState, subscriberAnswer } from './subscriber-list.ts';

const orders: Record<string, (subscriber: Subscriber) => string> = {
  email: ({ email }) => email.toLowerCase(),
  name: ({ name }) => name.toLowerCase(),
  date: ({ date }) => dateText(date),
};

interface Asked {
  request: Request;
  response: Response;
  state: SubscriberState;
}

/** `GET /lists/{id}/{state}.json`: date (a day), page from 1, pagesize 10 to 1000, orderfield, orderdirection. */
export function listSubscribers(list: SubscriberList, { request, response, state }: Asked): void {
  const date = queryText(request, 'date') ?? '';
  const page = Number(queryText(request, 'page') ?? 1);
  const pageSize = Number(queryText(request, 'pagesize') ?? 1000);
  const orderField = queryText(request, 'orderfield') ?? 'email';
  const direction = queryText(request, 'orderdirection') ?? 'asc';
  const keyOf = orders[orderField];
  const refuse = (code: number, message: string) => answerError(response, 400, { code, message });
  if (date !== '' && !(/^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date)))) return void refuse(5, 'Invalid Date');
  if (!Number.isInteger(page) || page < 1) return void refuse(800, 'Invalid Page Number');
  if (!Number.isInteger(pageSize) || pageSize < 10 || pageSize > 1000) return void refuse(801, 'Invalid Page Size');
  if (!keyOf) return void refuse(802, 'Invalid Order Field');
  if (direction !== 'asc' && direction !== 'desc') return void refuse(803, 'Invalid Order Direction');
  const sign = direction === 'asc' ? 1 : -1;
  const found = [...list.subscribers.values()]
    .filter((subscriber) => subscriber.state === state && dateText(subscriber.date) >= date)
    .toSorted((a, b) => sign * keyOf(a).localeCompare(keyOf(b)));
  const results = found.slice((page - 1) * pageSize, page * pageSize);
  response.json({
    Results: results.map(subscriberAnswer),
    ResultsOrderedBy: orderField,
    OrderDirection: direction,
    PageNumber: page,
    PageSize: pageSize,
    RecordsOnThisPage: results.length,
    TotalNumberOfRecords: found.length,
    NumberOfPages: Math.ceil(found.length / pageSize),
  });
}
