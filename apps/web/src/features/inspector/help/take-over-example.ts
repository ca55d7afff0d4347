import type { DataRecord, JSONSchema, Json } from '@idsync/engine/dataflow';

const isObject = (value: Json | undefined): value is DataRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The step's params with those of an example over them. Secrets of examples are made up: they are left out, and the step keeps its own. */
export function takeOverExample(params: DataRecord, example: DataRecord, schema: JSONSchema | undefined): DataRecord {
  const taken = Object.entries(example).flatMap(([name, value]): [string, Json][] => {
    const property = schema?.properties?.[name];
    if (property?.secret) return [];
    if (!isObject(value)) return [[name, value]];
    const own = params[name];
    return [[name, takeOverExample(isObject(own) ? own : {}, value, property)]];
  });
  return { ...params, ...Object.fromEntries(taken) };
}
