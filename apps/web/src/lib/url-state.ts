import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
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

/**
 * State of a list kept in the address, so that it survives reload and can be sent to others. `defaults` must be a constant.
 * Navigation takes a moment and inputs may not wait for it: a change counts at once here, and the address follows.
 */
export function useUrlState<S extends Record<string, string>>(defaults: S): [S, (change: Partial<S>) => void] {
  const [query, setQuery] = useSearchParams();
  const [local, setLocal] = useState(query);
  /** Queries that were written here and have not arrived in the address yet, oldest first. */
  const written = useRef<string[]>([]);
  useEffect(() => {
    const at = written.current.indexOf(query.toString());
    written.current = at < 0 ? [] : written.current.slice(at + 1);
    if (at < 0) setLocal(query);
  }, [query]);
  const state = useMemo(() => readState(local, defaults), [local, defaults]);
  const change = useCallback(
    (part: Partial<S>) => {
      const next = writeState(local, defaults, part);
      if (next.toString() === local.toString()) return;
      written.current.push(next.toString());
      setLocal(next);
      setQuery(next, { replace: true, preventScrollReset: true });
    },
    [local, setQuery, defaults],
  );
  return [state, change];
}
