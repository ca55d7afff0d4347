import type { Request, Response } from 'express';
import { queryText } from '../json-request.ts';
import { invalid, isUuid } from './api-error.ts';
import { type ContactBook, contactAnswer } from './contact-book.ts';

const statuses = ['all', 'active', 'deleted', 'not_set', 'pending_confirmation', 'temp_hold', 'unsubscribed'];
const subresources = ['custom_fields', 'list_memberships', 'phone_numbers', 'street_addresses', 'taggings', 'notes'];

/** `GET /contacts`: lists, email, status, updated_after, include, include_count, limit (50, at most 500); further pages by cursor. */
export function listContacts(book: ContactBook, request: Request, response: Response): void {
  const cursor = queryText(request, 'cursor');
  const search = cursor === undefined ? searchOf(request) : readCursor(cursor);
  const fault = search ? faultOf(search) : 'cursor is in an invalid format.';
  if (!search || fault !== undefined) {
    invalid(response, fault ?? '');
    return;
  }
  const wanted = new Set(search.lists?.split(','));
  const found = [...book.contacts.values()]
    .filter(({ lists }) => wanted.size === 0 || [...lists].some((list) => wanted.has(list)))
    .filter(({ email }) => search.email === undefined || email.toLowerCase() === search.email.toLowerCase())
    .filter(({ updated }) => search.updatedAfter === undefined || updated > Date.parse(search.updatedAfter))
    .filter(({ permission }) => search.status !== 'unsubscribed' || permission === 'unsubscribed');
  const end = search.offset + search.limit;
  const included = new Set(search.include?.split(','));
  const next = Buffer.from(JSON.stringify({ ...search, offset: end })).toString('base64url');
  response.json({
    contacts: found.slice(search.offset, end).map((contact) => contactAnswer(contact, included)),
    ...(search.counts ? { contacts_count: found.length } : {}),
    ...(end < found.length ? { _links: { next: { href: `/v3/contacts?cursor=${next}` } } } : {}),
  });
}

interface Search {
  lists?: string | undefined;
  email?: string | undefined;
  status?: string | undefined;
  updatedAfter?: string | undefined;
  include?: string | undefined;
  counts: boolean;
  limit: number;
  offset: number;
}

const searchOf = (request: Request): Search => ({
  lists: queryText(request, 'lists'),
  email: queryText(request, 'email'),
  status: queryText(request, 'status'),
  updatedAfter: queryText(request, 'updated_after'),
  include: queryText(request, 'include'),
  counts: queryText(request, 'include_count') === 'true',
  limit: Number(queryText(request, 'limit') ?? 50),
  offset: 0,
});

function readCursor(cursor: string): Search | undefined {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as Search;
  } catch {
    return undefined;
  }
}

function faultOf({ lists, status, updatedAfter, include, limit }: Search): string | undefined {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) return 'limit must be between 1 and 500.';
  if (lists !== undefined && (lists.split(',').length > 25 || !lists.split(',').every(isUuid))) return 'lists is in an invalid format.';
  if (status !== undefined && !status.split(',').every((one) => statuses.includes(one))) return 'status is not a valid value.';
  if (include !== undefined && !include.split(',').every((one) => subresources.includes(one))) return 'include is not a valid value.';
  return updatedAfter !== undefined && Number.isNaN(Date.parse(updatedAfter)) ? 'updated_after is in an invalid format.' : undefined;
}
