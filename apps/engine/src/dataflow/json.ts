/** What a record's fields may hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A plain JSON object: one customer account, one row, one event. Own enumerable properties only; key order is kept. */
export type DataRecord = { [key: string]: Json };

/** True for a JSON object, which lists and null are not. */
export const isDataRecord = (value: unknown): value is DataRecord => typeof value === 'object' && value !== null && !Array.isArray(value);
