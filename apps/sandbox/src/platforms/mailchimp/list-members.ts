import type { Request, Response } from 'express';
import type { JsonObject } from '../../json.ts';
import { queryText } from '../json-request.ts';
import { type Audience, type Member, memberAnswer, memberStatuses } from './audience.ts';
import { type FieldProblem, invalidResource } from './problem.ts';

const LARGEST_COUNT = 1000;

/** `GET /lists/{list_id}/members`: count (10, at most 1000), offset, status, since_last_changed, sort_field, sort_dir, exclude_fields. */
export function listMembers(
  audience: Audience,
  { request, response, listId }: { request: Request; response: Response; listId: string },
): void {
  const problems = problemsOf(request);
  if (problems.length > 0) {
    invalidResource(response, problems);
    return;
  }
  const status = queryText(request, 'status');
  const since = queryText(request, 'since_last_changed');
  const found = [...audience.members.values()]
    .filter((member) => (status === undefined ? member.status !== 'archived' : member.status === status))
    .filter(({ changed }) => since === undefined || changed > Date.parse(since));
  sort(found, request);
  const offset = Number(queryText(request, 'offset') ?? 0);
  const page = found.slice(offset, offset + Number(queryText(request, 'count') ?? 10));
  const excluded = new Set((queryText(request, 'exclude_fields') ?? '').split(','));
  const answer: JsonObject = {
    members: page.map((member) => without(memberAnswer(member, listId), excluded, 'members.')),
    list_id: listId,
    total_items: found.length,
    _links: [],
  };
  response.json(without(answer, excluded, ''));
}

function problemsOf(request: Request): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const whole = (name: string, most: number) => {
    const text = queryText(request, name);
    if (text !== undefined && !(/^\d+$/.test(text) && Number(text) <= most))
      problems.push({ field: name, message: `This value should be between 0 and ${most}.` });
  };
  whole('count', LARGEST_COUNT);
  whole('offset', Number.MAX_SAFE_INTEGER);
  const status = queryText(request, 'status');
  if (status !== undefined && !memberStatuses.some((known) => known === status))
    problems.push({ field: 'status', message: 'The value you selected is not a valid choice.' });
  const since = queryText(request, 'since_last_changed');
  if (since !== undefined && Number.isNaN(Date.parse(since)))
    problems.push({ field: 'since_last_changed', message: 'Please use an ISO 8601 date and time.' });
  const field = queryText(request, 'sort_field');
  if (field !== undefined && !Object.hasOwn(sortKeys, field))
    problems.push({ field: 'sort_field', message: 'The value you selected is not a valid choice.' });
  return problems;
}

const sortKeys: Record<string, (member: Member) => number> = {
  timestamp_opt: ({ optedIn }) => optedIn,
  timestamp_signup: ({ optedIn }) => optedIn,
  last_changed: ({ changed }) => changed,
};

function sort(members: Member[], request: Request): void {
  const keyOf = sortKeys[queryText(request, 'sort_field') ?? ''];
  if (!keyOf) return;
  const sign = queryText(request, 'sort_dir')?.toUpperCase() === 'DESC' ? -1 : 1;
  members.sort((a, b) => sign * (keyOf(a) - keyOf(b)));
}

const without = (object: JsonObject, excluded: ReadonlySet<string>, prefix: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !excluded.has(prefix + name)));
