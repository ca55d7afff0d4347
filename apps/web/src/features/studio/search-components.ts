import type { CatalogueEntry } from '@idsync/engine/dataflow';

/**
 * How well `query` fits `text`, higher is better, 0 is not at all: words that begin with it before words that hold it,
 * and last its letters in their order (`cmpgz` finds `compress.gzip`).
 */
function closeness(text: string, query: string): number {
  const at = text.indexOf(query);
  if (at === 0) return 100;
  if (at > 0) return /[\s._-]/.test(text[at - 1] ?? '') ? 80 : 60;
  let from = 0;
  let gaps = 0;
  for (const letter of query) {
    const found = text.indexOf(letter, from);
    if (found < 0) return 0;
    gaps += found - from;
    from = found + 1;
  }
  return Math.max(1, 40 - gaps);
}

function score(entry: CatalogueEntry, words: readonly string[]): number {
  let total = 0;
  for (const word of words) {
    const best = Math.max(
      closeness(entry.title.toLowerCase(), word) * 1.2,
      closeness(entry.type, word),
      ...entry.aliases.map((alias) => closeness(alias.toLowerCase(), word)),
      entry.summary.toLowerCase().includes(word) ? 30 : 0,
    );
    if (best < 8) return 0;
    total += best;
  }
  return total;
}

/** The components that fit every word of the query, best first, of equals the shorter title; all of them in their own order when it is empty. */
export function searchComponents(entries: readonly CatalogueEntry[], query: string): readonly CatalogueEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries
    .map((entry) => ({ entry, score: score(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.entry.title.length - b.entry.title.length)
    .map(({ entry }) => entry);
}
