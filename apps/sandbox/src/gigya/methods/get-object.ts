import type { JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';
import { compileProjection } from '../query/projection.ts';
import type { ObjectStore, StoredObject } from '../store/object-store.ts';
import type { Method } from './method.ts';
import { objectKeyOf } from './store-object.ts';

/** One object, whole or the `fields` of its data. */
export const getObject: Method = {
  name: 'ds.get',
  writes: false,
  handle: (params, { objects }) => {
    const { type: _, data, ...object } = found(objects, objectKeyOf(params));
    return { ...object, data: pickFields(data, params.text('fields')) };
  },
};

/** Throws 404000 when there is none. */
export function found(objects: ObjectStore, key: Parameters<ObjectStore['get']>[0]): StoredObject {
  const object = objects.get(key);
  if (object) return object;
  throw new ApiError(404000, `There is no object ${key.oid} of type ${key.type}${key.uid === undefined ? '' : ` of account ${key.uid}`}`);
}

/** A comma separated list of paths in the data; `*` or none means all. */
export const fieldsOf = (list: string | undefined): string[] => (list ?? '*').split(',').map((path) => path.trim().replace(/^data\./, ''));

function pickFields(data: JsonObject, list: string | undefined): JsonObject {
  const paths = fieldsOf(list);
  if (paths.includes('*')) return data;
  return compileProjection(
    paths.map((path) => ({ kind: 'path', path })),
    new Set(),
  )(data);
}
