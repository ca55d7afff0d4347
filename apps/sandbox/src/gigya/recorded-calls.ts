import type { ApiRequest } from './read-request.ts';

const keptCalls = 1000;
const longestValue = 4000;

/** One call as it came in: its parameters in the order they were sent, long values cut. */
export interface RecordedCall {
  httpMethod: string;
  apiMethod: string;
  authorization: string | undefined;
  params: Record<string, string>;
}

/** The last thousand calls. */
export class RecordedCalls {
  readonly list: RecordedCall[] = [];

  add({ httpMethod, apiMethod, authorization, params }: ApiRequest): void {
    const cut = params.entries.map(([name, value]) => [name, value.length > longestValue ? `${value.slice(0, longestValue)}…` : value]);
    this.list.push({ httpMethod, apiMethod, authorization, params: Object.fromEntries(cut) as Record<string, string> });
    if (this.list.length > keptCalls) this.list.shift();
  }
}
