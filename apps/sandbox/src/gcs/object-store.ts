import { createHash, type Hash, randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../json.ts';
import { conditionNotMet, noBucket, noObject } from './gcs-error.ts';

/** An object that is complete, with its bytes in a file. */
export interface StoredObject {
  bucket: string;
  name: string;
  generation: number;
  size: number;
  md5: string;
  contentType: string;
  contentEncoding: string | undefined;
  updatedMs: number;
  file: string;
}

/** What is to become an object: bytes in a file of their own, which nobody sees. */
export interface Draft {
  bucket: string;
  name: string;
  contentType: string;
  contentEncoding: string | undefined;
  /** `ifGenerationMatch`, checked at the moment the object appears. */
  generationMatch: number | undefined;
  file: string;
  size: number;
  hash: Hash;
}

const PAGE = 1000;

/** Buckets and their objects; bytes lie in files below one folder. */
export class ObjectStore {
  readonly #folder: string;
  readonly #clock: () => number;
  readonly #buckets = new Map<string, Map<string, StoredObject>>();
  #generation = 1_700_000_000_000_000;

  constructor(folder: string, buckets: readonly string[], clock: () => number) {
    this.#folder = folder;
    this.#clock = clock;
    for (const bucket of buckets) this.#buckets.set(bucket, new Map());
    mkdirSync(folder, { recursive: true });
  }

  /** Removes all objects; buckets stay. */
  clear(): void {
    for (const objects of this.#buckets.values()) {
      for (const { file } of objects.values()) rmSync(file, { force: true });
      objects.clear();
    }
  }

  /** Throws when there is no such bucket. */
  objectsOf(bucket: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(bucket);
    if (!objects) throw noBucket();
    return objects;
  }

  find(bucket: string, name: string): StoredObject | undefined {
    return this.objectsOf(bucket).get(name);
  }

  get(bucket: string, name: string): StoredObject {
    const found = this.find(bucket, name);
    if (!found) throw noObject(bucket, name);
    return found;
  }

  /** One page of names in byte order behind `after`. */
  page(bucket: string, { prefix, after, most = PAGE }: { prefix: string; after: string; most?: number }) {
    const size = Math.min(Math.max(most, 1), PAGE);
    const isBehind = (name: string) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0;
    const names = [...this.objectsOf(bucket).keys()].filter((name) => name.startsWith(prefix) && (after === '' || isBehind(name)));
    names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return { objects: names.slice(0, size).map((name) => this.get(bucket, name)), isMore: names.length > size };
  }

  draft(place: Pick<Draft, 'bucket' | 'name' | 'contentType' | 'contentEncoding' | 'generationMatch'>): Draft {
    this.objectsOf(place.bucket);
    this.checkGeneration(place);
    return { ...place, file: join(this.#folder, randomUUID()), size: 0, hash: createHash('md5') };
  }

  checkGeneration({ bucket, name, generationMatch }: Pick<Draft, 'bucket' | 'name' | 'generationMatch'>): void {
    if (generationMatch !== undefined && generationMatch !== (this.find(bucket, name)?.generation ?? 0)) throw conditionNotMet();
  }

  /** The moment an object appears, or replaces the one before. */
  publish(draft: Draft): StoredObject {
    this.checkGeneration(draft);
    const { bucket, name, contentType, contentEncoding, size } = draft;
    const before = this.find(bucket, name);
    const file = `${draft.file}.object`;
    renameSync(draft.file, file);
    const md5 = draft.hash.copy().digest('base64');
    const generation = ++this.#generation;
    const object = { bucket, name, generation, size, md5, contentType, contentEncoding, updatedMs: this.#clock(), file };
    this.objectsOf(bucket).set(name, object);
    if (before) rmSync(before.file, { force: true });
    return object;
  }

  drop({ file }: Draft): void {
    rmSync(file, { force: true });
  }

  remove(bucket: string, name: string): void {
    const { file } = this.get(bucket, name);
    this.objectsOf(bucket).delete(name);
    rmSync(file, { force: true });
  }

  counts(): JsonObject {
    return Object.fromEntries([...this.#buckets].map(([bucket, objects]) => [bucket, [...objects.keys()].slice(0, 100)]));
  }
}

/** The object as the API shows it ("Objects: resource representations"). Numbers of 64 bits are texts there. */
export const resourceOf = (object: StoredObject): JsonObject => ({
  kind: 'storage#object',
  id: `${object.bucket}/${object.name}/${object.generation}`,
  name: object.name,
  bucket: object.bucket,
  generation: String(object.generation),
  metageneration: '1',
  contentType: object.contentType,
  ...(object.contentEncoding === undefined ? {} : { contentEncoding: object.contentEncoding }),
  storageClass: 'STANDARD',
  size: String(object.size),
  md5Hash: object.md5,
  etag: Buffer.from(String(object.generation)).toString('base64'),
  timeCreated: new Date(object.updatedMs).toISOString(),
  updated: new Date(object.updatedMs).toISOString(),
});
