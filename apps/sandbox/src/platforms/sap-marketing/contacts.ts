import type { Json, JsonObject } from '../../json.ts';
import { entities, type Property } from './properties.ts';

/** One change as it stands in a changeset. */
export interface EntityChange {
  method: string;
  path: string;
  body: Json | undefined;
}

export interface EntityRefusal {
  status: number;
  code: string;
  message: string;
}

const ORIGINS = ['Gigya', 'EMAIL', 'MOBILE', 'SAP_FILE_IMPORT'];
const MEDIA = ['EMAIL', 'SMS', 'PHONE', 'WEB'];
const TOPICS = ['NEWS', 'OFFERS'];
const AREAS = ['', 'CXXGLOBAL', 'DACH'];

/** Contacts with their permissions and subscriptions, by entity and key. */
export class Contacts {
  readonly stored: Record<string, Map<string, JsonObject>> = {
    ContactOriginData: new Map(),
    MarketingPermissions: new Map(),
    MarketingSubscriptions: new Map(),
  };

  /** Makes all changes, or none and tells why. */
  apply(changes: readonly EntityChange[]): EntityRefusal | undefined {
    const writes: (() => void)[] = [];
    const made = new Set<string>();
    for (const change of changes) {
      const refusal = this.#check(change, { writes, made });
      if (refusal) return refusal;
    }
    for (const write of writes) write();
    return undefined;
  }

  #check({ method, path, body }: EntityChange, { writes, made }: { writes: (() => void)[]; made: Set<string> }): EntityRefusal | undefined {
    const target = targetOf(path);
    const properties = entities[target?.name ?? ''];
    if (!target || !properties) return refused(404, '/IWFND/MED/170', `Resource not found for the segment '${path.split('(')[0]}'`);
    if (method !== 'PUT' && method !== 'PATCH')
      return refused(405, '/IWBEP/CM_MGW_RT/026', `Method '${method}' not implemented in data provider class`);
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      return refused(400, '/IWBEP/CM_MGW_RT/020', 'Malformed request body');
    const keys = Object.keys(properties).filter((name) => properties[name]?.key);
    if (keys.length !== Object.keys(target.key).length || !keys.every((name) => target.key[name] !== undefined))
      return refused(400, '/IWFND/CM_CONSUMER/101', `Invalid key predicate type for '${target.name}'`);
    const refusal =
      propertyRefusal(properties, { ...target.key, ...body }) ?? valueRefusal(target.key) ?? this.#contactMissing(target, made);
    if (refusal) return refusal;
    const key = JSON.stringify(keys.map((name) => target.key[name]));
    if (target.name === 'ContactOriginData') made.add(`${target.key.ContactOrigin}/${target.key.ContactID}`);
    const store = this.stored[target.name];
    writes.push(() => store?.set(key, { ...(method === 'PATCH' ? store.get(key) : {}), ...target.key, ...body }));
    return undefined;
  }

  #contactMissing({ name, key }: Target, made: Set<string>): EntityRefusal | undefined {
    if (name === 'ContactOriginData') return undefined;
    const known = [...(this.stored.ContactOriginData?.values() ?? [])].some(
      (one) => one.ContactOrigin === key.ContactOrigin && one.ContactID === key.ContactID,
    );
    if (known || made.has(`${key.ContactOrigin}/${key.ContactID}`)) return undefined;
    return refused(400, 'CUAN_INITIAL_LOAD/025', `Contact ${key.ContactID} with origin ${key.ContactOrigin} does not exist`);
  }
}

interface Target {
  name: string;
  key: Record<string, string>;
}

/** `Name(Property='value',…)`, an apostrophe in a value doubled. */
function targetOf(path: string): Target | undefined {
  let text: string;
  try {
    text = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const whole = /^(\w+)\(((?:\w+='(?:[^']|'')*'(?:,|(?=\)$)))+)\)$/s.exec(text);
  if (!whole) return undefined;
  const key = Object.fromEntries(
    [...(whole[2] ?? '').matchAll(/(\w+)='((?:[^']|'')*)'/g)].map(([, name = '', value = '']) => [name, value.replaceAll("''", "'")]),
  );
  return { name: whole[1] ?? '', key };
}

function propertyRefusal(properties: Readonly<Record<string, Property>>, given: JsonObject): EntityRefusal | undefined {
  for (const [name, value] of Object.entries(given)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!property) return refused(400, '/IWCOR/CX_DS_EP_PROPERTY_ERROR', `Property '${name}' is invalid`);
    if (value !== null && !fits(property, value))
      return refused(400, '/IWBEP/CM_MGW_RT/021', `Property '${name}' has invalid value '${String(value)}'`);
  }
  const missing = Object.keys(properties).find((name) => properties[name]?.required && typeof given[name] !== 'string');
  return missing === undefined ? undefined : refused(400, 'CUAN_INITIAL_LOAD/012', `Mandatory property '${missing}' is missing`);
}

function fits({ longest, pattern, boolean }: Property, value: Json | undefined): boolean {
  if (boolean) return typeof value === 'boolean';
  return typeof value === 'string' && value.length <= (longest ?? Number.POSITIVE_INFINITY) && (pattern?.test(value) ?? true);
}

/** What was not set up in the configuration of the system. */
function valueRefusal(key: Record<string, string>): EntityRefusal | undefined {
  const { ContactOrigin: origin = '', ContactID: id, CommunicationMedium: medium, SubscriptionTopic: topic, MarketingArea: area } = key;
  if (!ORIGINS.includes(origin)) return refused(400, 'CUAN_INITIAL_LOAD/001', `Contact origin ${origin} is not known`);
  if (id === '') return refused(400, 'CUAN_INITIAL_LOAD/002', 'Contact ID is initial');
  if (medium !== undefined && !MEDIA.includes(medium))
    return refused(400, 'CUAN_INITIAL_LOAD/017', `Communication medium ${medium} is not known`);
  if (topic !== undefined && !TOPICS.includes(topic))
    return refused(400, 'CUAN_INITIAL_LOAD/018', `Communication category ${topic} is not known`);
  if (area !== undefined && !AREAS.includes(area)) return refused(400, 'CUAN_INITIAL_LOAD/019', `Marketing area ${area} is not known`);
  const channel = key.ContactPermissionOrigin ?? key.ContactSubscriptionOrigin;
  const address = key.ContactPermissionID ?? key.ContactSubscriptionID ?? '';
  if (channel === 'EMAIL' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(address))
    return refused(400, 'CUAN_INITIAL_LOAD/040', `E-mail address ${address} is not valid`);
  return channel === 'MOBILE' && !/^\+?[\d ()/-]{5,30}$/.test(address)
    ? refused(400, 'CUAN_INITIAL_LOAD/041', `Mobile number ${address} is not valid`)
    : undefined;
}

const refused = (status: number, code: string, message: string): EntityRefusal => ({ status, code, message });
