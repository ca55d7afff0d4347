import type { JsonObject } from '../../json.ts';
import type { RecordList } from '../search/search-plan.ts';
import type { Journal } from './journal.ts';
import { seedObjects } from './seed-objects.ts';
import type { SeedWorld } from './seed-world.ts';

/** One object of the Data Store as ds.search shows it; `created` and `lastUpdated` in milliseconds since 1970. */
export interface StoredObject extends JsonObject {
  oid: string;
  type: string;
  UID?: string;
  data: JsonObject;
  created: number;
  createdTime: string;
  lastUpdated: number;
  lastUpdatedTime: string;
}

/** `oid` alone, or together with a UID, names an object within its type. */
export interface ObjectKey {
  type: string;
  oid: string;
  uid: string | undefined;
}

const textOf = ({ type, oid, uid }: ObjectKey): string => JSON.stringify([type, oid, uid ?? null]);
const keyOf = ({ type, oid, UID }: StoredObject): ObjectKey => ({ type, oid, uid: UID });

/** The Data Store of the site. The seeded objects are made by the first call that needs one. A row keeps its number. */
export class ObjectStore {
  readonly #world: SeedWorld;
  readonly #journal: Journal | undefined;
  readonly #byType = new Map<string, (StoredObject | undefined)[]>();
  readonly #places = new Map<string, number>();
  #isSeeded = false;

  constructor(world: SeedWorld, journal: Journal | undefined) {
    this.#world = world;
    this.#journal = journal;
  }

  /** The objects of a type by row. */
  listOf(type: string): RecordList {
    this.#seed();
    const rows = this.#byType.get(type) ?? [];
    return { count: () => rows.length, recordAt: (row) => rows[row] };
  }

  get(key: ObjectKey): StoredObject | undefined {
    this.#seed();
    const place = this.#places.get(textOf(key));
    return place === undefined ? undefined : this.#byType.get(key.type)?.[place];
  }

  put(object: StoredObject): void {
    this.#seed();
    this.#set(object);
    this.#journal?.append({ kind: 'ds', key: textOf(keyOf(object)), value: object });
  }

  remove(key: ObjectKey): void {
    this.#seed();
    this.#drop(textOf(key), key.type);
    this.#journal?.append({ kind: 'ds', key: textOf(key), value: null });
  }

  #seed(): void {
    if (this.#isSeeded) return;
    this.#isSeeded = true;
    for (const object of seedObjects(this.#world)) this.#set(object);
    for (const { key, value } of this.#journal?.takeEntries('ds') ?? []) {
      if (value) this.#set(value as StoredObject);
      else this.#drop(key, String((JSON.parse(key) as unknown[])[0]));
    }
  }

  #set(object: StoredObject): void {
    const rows = this.#byType.get(object.type) ?? [];
    this.#byType.set(object.type, rows);
    const key = textOf(keyOf(object));
    const place = this.#places.get(key) ?? rows.length;
    rows[place] = object;
    this.#places.set(key, place);
  }

  #drop(key: string, type: string): void {
    const rows = this.#byType.get(type);
    const place = this.#places.get(key);
    if (rows && place !== undefined) rows[place] = undefined;
    this.#places.delete(key);
  }
}
