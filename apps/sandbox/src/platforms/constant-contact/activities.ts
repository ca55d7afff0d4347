import { type Response, Router } from 'express';
import { isObject, type JsonObject } from '../../json.ts';
import { jsonBody } from '../json-request.ts';
import { answerFaults, invalid, isUuid } from './api-error.ts';
import { type ContactBook, uuidOf } from './contact-book.ts';
import { importFault, listFault, takeIn } from './import-contacts.ts';

interface Activity {
  created: number;
  status: JsonObject;
  errors: string[];
  /** Questions for it that are still answered with `processing`. */
  polls: number;
}

/** Bulk activities: a request is checked and queued, its outcome is asked for until it is completed. */
export function activityRoutes(
  book: ContactBook,
  { clock, polls }: { clock: () => number; polls: number },
): { routes: Router; reset(): void } {
  const activities = new Map<string, Activity>();
  const routes = Router();
  const begin = (response: Response, status: JsonObject, errors: string[]) => {
    const id = uuidOf(`activity ${activities.size}`);
    activities.set(id, { created: clock(), status, errors, polls });
    response.status(201).json({ activity_id: id, state: 'initialized', created_at: new Date(clock()).toISOString(), _links: linksOf(id) });
  };
  routes.post('/activities/contacts_json_import', (request, response) => {
    const body = jsonBody(request);
    const fault = importFault(body);
    if (fault !== undefined || !isObject(body)) return invalid(response, fault ?? '');
    const status = takeIn(book, body, clock());
    begin(response, status, status.correctable_count === 0 ? [] : ['Some contacts have an invalid email address.']);
  });
  routes.post('/activities/remove_list_memberships', (request, response) => {
    const body = jsonBody(request);
    const ids = isObject(body) && isObject(body.source) ? body.source.contact_ids : undefined;
    const fault = isObject(body) ? listFault(body.list_ids) : '#: expected type: JSONObject';
    if (fault !== undefined || !isObject(body)) return invalid(response, fault ?? '');
    if (!Array.isArray(ids) || ids.length > 500 || !ids.every((id) => typeof id === 'string' && isUuid(id)))
      return invalid(response, '#/source/contact_ids: expected up to 500 contact_id values');
    const found = [...book.contacts.values()].filter(({ contactId }) => ids.includes(contactId));
    for (const contact of found) {
      for (const list of Array.isArray(body.list_ids) ? body.list_ids : []) contact.lists.delete(String(list));
      contact.updated = clock();
    }
    begin(response, { items_total_count: ids.length, items_completed_count: found.length, list_count: 1 }, []);
  });
  routes.get('/activities/:id', (request, response) => {
    const activity = activities.get(request.params.id);
    if (!activity) return answerFaults(response, 404, 'contacts.api.not_found', 'activity_id was not found.');
    const isDone = activity.polls-- <= 0;
    response.json({
      activity_id: request.params.id,
      state: isDone ? 'completed' : 'processing',
      created_at: new Date(activity.created).toISOString(),
      percent_done: isDone ? 100 : 50,
      activity_errors: isDone ? activity.errors : [],
      status: isDone ? activity.status : {},
      _links: linksOf(request.params.id),
    });
  });
  return { routes, reset: () => activities.clear() };
}

const linksOf = (id: string) => ({ self: { href: `/v3/activities/${id}` } });
