import { describe, expect, it } from 'vitest';
import { readState, writeState } from './url-state.ts';

const defaults = { q: '', sort: 'name', show: 'all' };

describe('list state in the address', () => {
  it('comes back as it was written', () => {
    const query = writeState(new URLSearchParams(), defaults, { q: 'a&b = ü', show: 'failing' });
    expect(readState(new URLSearchParams(query.toString()), defaults)).toEqual({ q: 'a&b = ü', sort: 'name', show: 'failing' });
  });
  it('leaves defaults out and foreign keys alone', () => {
    const query = writeState(new URLSearchParams('tab=errors&q=x&show=failing'), defaults, { q: '', show: 'all' });
    expect(query.toString()).toBe('tab=errors');
  });
  it('does not change the query it was given', () => {
    const query = new URLSearchParams('q=x');
    writeState(query, defaults, { q: 'y' });
    expect(query.get('q')).toBe('x');
  });
});
