import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** Reads the keys of `defaults` from a query string; what is missing has its default. */
export function readState<S extends Record<string, string>>(query: URLSearchParams, defaults: S): S {
  const entries = Object.entries(defaults).map(([key, fallback]) => [key, query.get(key) ?? fallback]);
  return Object.fromEntries(entries) as S;
}

/** The query string with `change` in it. Defaults are left out, foreign keys stay. */
export function writeState<S extends Record<string, string>>(query: URLSearchParams, defaults: S, change: Partial<S>): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || value === defaults[key]) next.delete(key);
    else next.set(key, value);
  }
  return next;
}

/** State of a list kept in the address, so that it survives reload and can be sent to others. `defaults` must be a constant. */
export function useUrlState<S extends Record<string, string>>(defaults: S): [S, (change: Partial<S>) => void] {
  const [query, setQuery] = useSearchParams();
  const state = useMemo(() => readState(query, defaults), [query, defaults]);
  const change = useCallback(
    (part: Partial<S>) => setQuery((current) => writeState(current, defaults, part), { replace: true, preventScrollReset: true }),
    [setQuery, defaults],
  );
  return [state, change];
}
