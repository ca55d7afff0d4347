import { isObject, type JsonObject } from '../../json.ts';
import { objectOf } from '../store/seed-objects.ts';
import { fieldsOf, found } from './get-object.ts';
import type { Method } from './method.ts';
import { objectKeyOf } from './store-object.ts';

/** Deletes an object, or only the `fields` of its data that are named. */
export const deleteObject: Method = {
  name: 'ds.delete',
  writes: true,
  handle: (params, { objects, clock }) => {
    const key = objectKeyOf(params);
    const object = found(objects, key);
    const fields = fieldsOf(params.text('fields'));
    if (fields.includes('*')) objects.remove(key);
    else {
      const data = fields.reduce((left, path) => without(left, path.split('.')), object.data);
      objects.put(objectOf({ ...object, data }, clock(), object.created));
    }
    return {};
  },
};

function without(object: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: inner, ...others } = object;
  if (rest.length === 0 || !isObject(inner)) return rest.length === 0 ? others : object;
  return { ...object, [name]: without(inner, rest) };
}
