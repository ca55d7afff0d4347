import { randomBytes } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../parameters.ts';
import type { ObjectKey } from '../store/object-store.ts';
import { objectOf } from '../store/seed-objects.ts';
import { checkObject } from './check-object.ts';
import { merge } from './merge.ts';
import type { Method } from './method.ts';

const largestBytes = 512 * 1024;
const behaviours = ['arrayPush', 'arraySet', 'replace'] as const;

/** Type, id and owner that a ds call names. */
export function objectKeyOf(params: Parameters): ObjectKey {
  return { type: params.required('type'), oid: params.required('oid'), uid: params.text('UID') };
}

/** Creates an object or merges into it: arrays grow by arrayPush, are replaced by arraySet; `replace` takes the whole object. */
export const storeObject: Method = {
  name: 'ds.store',
  writes: true,
  handle: (params, { objects, dynamicSchema, clock }) => {
    const key = objectKeyOf(params);
    const data = params.object('data');
    if (data === undefined) throw new ApiError(400002, 'Missing required parameter: data');
    const behaviour = behaviourOf(params);
    checkObject(data, 'data');
    const oid = key.oid.toLowerCase() === 'auto' ? randomBytes(16).toString('hex') : key.oid;
    const old = objects.get({ ...key, oid });
    if (!old && !dynamicSchema && objects.listOf(key.type).count() === 0) {
      throw new ApiError(400024, `The schema does not know the type ${key.type}`);
    }
    const whole = behaviour === 'replace' || !old ? data : merge(old.data, behaviour === 'arrayPush' ? pushed(old.data, data) : data);
    if (Buffer.byteLength(JSON.stringify(whole)) > largestBytes)
      throw new ApiError(413003, `The object is larger than ${largestBytes} bytes`);
    const owner = key.uid === undefined ? {} : { UID: key.uid };
    objects.put(objectOf({ type: key.type, oid, ...owner, data: whole }, clock(), old?.created));
    return { oid, ...owner };
  },
};

function behaviourOf(params: Parameters): (typeof behaviours)[number] {
  const sent = params.text('updateBehavior') ?? 'arrayPush';
  const behaviour = behaviours.find((one) => one.toLowerCase() === sent.toLowerCase());
  if (!behaviour) throw new ApiError(400006, `Invalid argument: updateBehavior must be one of ${behaviours.join(', ')}, not ${sent}`);
  return behaviour;
}

/** The change with each of its arrays put behind the one that is there. */
function pushed(old: Json | undefined, change: JsonObject): JsonObject {
  const before = isObject(old) ? old : {};
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      const there = Object.hasOwn(before, name) ? before[name] : undefined;
      if (Array.isArray(value)) return [name, Array.isArray(there) ? [...there, ...value] : value];
      return [name, isObject(value) ? pushed(there, value) : value];
    }),
  );
}
