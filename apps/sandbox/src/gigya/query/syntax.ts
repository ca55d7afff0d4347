/** The tree of a parsed query. */
export interface Query<Source extends string = string> {
  select: SelectItem[];
  source: Source;
  where?: Condition;
  orderBy: { path: string; descending: boolean; at: number }[];
  start: number;
  limit: number | undefined;
  withCounters: boolean;
}

export type SelectItem =
  | { kind: 'all' }
  | { kind: 'path'; path: string; alias?: string }
  | { kind: 'aggregate'; operation: AggregateName; path: string; name: string };

export const aggregateNames = ['count', 'sum', 'min', 'max', 'avg', 'sum_of_squares', 'variance', 'std'] as const;
export type AggregateName = (typeof aggregateNames)[number];

export type Literal = string | number | boolean | null;

export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; path: string; operator: Comparison; value: Literal; at: number }
  | { kind: 'contains'; path: string; value: Literal; at: number }
  | { kind: 'in'; path: string; values: Literal[]; at: number }
  | { kind: 'regex'; path: string; pattern: string; at: number }
  | { kind: 'null'; path: string; at: number };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
