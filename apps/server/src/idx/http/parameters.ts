import { ApiError } from '../api-error.ts';

const MOST_PARAMETERS = 200;

/** The parameters of a call. Letter case of names does not matter; of several with one name the first counts. */
export class Parameters {
  /** As sent, the way a signature sees them. */
  readonly sent: Readonly<Record<string, string>>;
  readonly #byName: ReadonlyMap<string, string>;

  constructor(entries: readonly (readonly [string, string])[]) {
    if (entries.length > MOST_PARAMETERS) throw new ApiError(400001, `A call has at most ${MOST_PARAMETERS} parameters.`);
    this.sent = Object.fromEntries(entries.toReversed());
    this.#byName = new Map(entries.toReversed().map(([name, value]) => [name.toLowerCase(), value]));
  }

  /** Undefined when it was not sent, or empty. */
  text(name: string): string | undefined {
    return this.#byName.get(name.toLowerCase()) || undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new ApiError(400002, `Missing required parameter: ${name}`);
    return value;
  }

  /** `true` or `1`, in any letter case. */
  flag(name: string): boolean {
    return /^(?:true|1)$/i.test(this.text(name)?.trim() ?? '');
  }
}
