export interface OutlineStep {
  id: string;
  /** Where it stands in the outline: tells two mentions of one step apart. */
  at: number;
}

export interface OutlineBranch {
  path: 'next' | 'error';
  chain: OutlineChain;
}

/** A run of steps, and what it splits into at its end. */
export interface OutlineChain {
  steps: OutlineStep[];
  branches: OutlineBranch[];
}

/**
 * Reads the outline of a dataflow back into its shape: `read > (clean > write, error: report)`, entry points parted by `; `.
 * What is not an outline comes back as one step, so that there is always something to show.
 */
export function parseOutline(text: string): OutlineChain[] {
  const tokens =
    text
      .match(/[();,>]|[^();,>]+/g)
      ?.map((token) => token.trim())
      .filter(Boolean) ?? [];
  let at = 0;
  const chain = (): OutlineChain => {
    const steps: OutlineStep[] = [];
    for (; at < tokens.length; at++) {
      const token = tokens[at] ?? '';
      if (token === ',' || token === ';' || token === ')') break;
      if (token === '(') return { steps, branches: branches() };
      if (token !== '>') steps.push({ id: token, at });
    }
    return { steps, branches: [] };
  };
  const branches = (): OutlineBranch[] => {
    const found: OutlineBranch[] = [];
    do {
      at++;
      const error = /^error: ?/.exec(tokens[at] ?? '');
      if (error) tokens[at] = (tokens[at] ?? '').slice(error[0].length);
      found.push({ path: error ? 'error' : 'next', chain: chain() });
    } while (tokens[at] === ',');
    at++;
    return found;
  };
  const chains: OutlineChain[] = [];
  while (at < tokens.length) {
    chains.push(chain());
    at++;
  }
  return chains.filter(({ steps, branches: own }) => steps.length > 0 || own.length > 0);
}
