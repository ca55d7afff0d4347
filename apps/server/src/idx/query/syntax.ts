/** A value as written: in quotes, a number, or one of the bare words true, false and null. */
export interface Literal {
  kind: 'text' | 'number' | 'word';
  text: string;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; field: string; operator: Comparison; value: Literal }
  | { kind: 'contains'; field: string; value: Literal }
  | { kind: 'in'; field: string; values: Literal[] }
  | { kind: 'null'; field: string };

/** A search as written; names are not checked yet. */
export interface Query {
  /** `count` stands for `count(*)`. */
  select: '*' | 'count' | string[];
  from: string;
  where?: Condition;
  orderBy?: { field: string; descending: boolean };
  start?: number;
  limit?: number;
}
