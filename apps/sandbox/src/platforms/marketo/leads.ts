import type { Json, JsonObject } from '../../json.ts';
import { Dice } from '../../population/dice.ts';
import { firstNames, lastNames, places } from '../../population/words.ts';
import { fieldNamed, valueFault } from './fields.ts';

const DAY_MS = 86_400_000;
/** Leads there are at the start, and the days over which they came. */
const SEEDED = 700;
const HISTORY_DAYS = 100;

export type Lead = JsonObject & { id: number; createdAt: string; updatedAt: string };

export interface LeadResult {
  id?: number;
  status: 'created' | 'updated' | 'skipped';
  reasons?: { code: string; message: string }[];
}

/** The lead database of one subscription. Deterministic for a moment. */
export class Leads {
  readonly all: Lead[] = [];
  /** When the subscription was set up, milliseconds since 1970. */
  readonly bornMs: number;
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
    const epoch = clock();
    this.bornMs = epoch - (HISTORY_DAYS + 5) * DAY_MS;
    for (let i = 0; i < SEEDED; i++) this.all.push(seededLead(i, epoch));
  }

  /** One lead of a `leads.json` call. */
  write(input: JsonObject, { action, lookupField }: { action: string; lookupField: string }): LeadResult {
    const faults = Object.entries(input).flatMap(([name, value]) => faultsOf(name, value, lookupField));
    if (faults.length > 0) return skipped(faults);
    const wanted = input[lookupField];
    if (wanted === undefined || wanted === null || wanted === '')
      return skipped([{ code: '1003', message: `Value for lookup field '${lookupField}' is missing` }]);
    const found = this.all.filter((lead) => String(lead[lookupField] ?? '').toLowerCase() === String(wanted).toLowerCase());
    if (found.length > 1) return skipped([{ code: '1007', message: 'Multiple lead match lookup criteria' }]);
    const [lead] = found;
    if (lead && action === 'createOnly') return skipped([{ code: '1005', message: 'Lead already exists' }]);
    if (!lead && (action === 'updateOnly' || lookupField === 'id')) return skipped([{ code: '1004', message: 'Lead not found' }]);
    const now = isoSeconds(this.#clock());
    if (lead) {
      Object.assign(lead, input, { id: lead.id, updatedAt: now });
      return { id: lead.id, status: 'updated' };
    }
    const id = (this.all.at(-1)?.id ?? 0) + 1;
    this.all.push({ ...input, id, createdAt: now, updatedAt: now });
    return { id, status: 'created' };
  }
}

/** `2024-02-29T12:34:56Z`. */
export const isoSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

const skipped = (reasons: { code: string; message: string }[]): LeadResult => ({ status: 'skipped', reasons });

function faultsOf(name: string, value: Json | undefined, lookupField: string): { code: string; message: string }[] {
  const field = fieldNamed(name);
  if (!field) return [{ code: '1006', message: `Field '${name}' not found` }];
  if (field.readOnly && name !== lookupField) return [{ code: '1003', message: `Field '${name}' is read only` }];
  const fault = valueFault(field, value);
  return fault ? [fault] : [];
}

function seededLead(index: number, epoch: number): Lead {
  const dice = new Dice(7, index, 1);
  const [firstName, lastName, place] = [dice.pick(firstNames), dice.pick(lastNames), dice.pick(places)];
  // From the oldest to the youngest, so that ids grow with the time of creation.
  const createdMs = epoch - HISTORY_DAYS * DAY_MS + Math.floor((index / SEEDED) * (HISTORY_DAYS - 1) * DAY_MS);
  const updatedMs = dice.chance(0.05) ? epoch - dice.below(20) * 3_600_000 - 300_000 : createdMs;
  return {
    id: 1000 + index,
    createdAt: isoSeconds(createdMs),
    updatedAt: isoSeconds(Math.max(updatedMs, createdMs)),
    guid: `lead-${index.toString(36).padStart(4, '0')}`,
    email: `lead.${index}@example.com`,
    firstName,
    lastName,
    city: place[0],
    address: index % 10 === 0 ? `"Villa" ${lastName}, 2nd floor\n${place[0]}` : null,
    gender: index % 3 === 0 ? null : index % 3 === 1 ? 'f' : 'm',
    unsubscribed: index % 4 === 0,
    leadScore: dice.below(100),
  };
}
