/** What a record's fields may hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A plain JSON object: one customer account, one row, one event. Own enumerable properties only; key order is kept. */
export type DataRecord = { [key: string]: Json };
