import { isObject, type Json, type JsonObject } from '../json.ts';
import { ApiError } from './api-error.ts';

/** The parameters of one call: as sent for the signature, by name without regard to case for everything else. */
export class Parameters {
  readonly entries: readonly (readonly [string, string])[];
  readonly #byName = new Map<string, string>();

  constructor(entries: Iterable<readonly [string, string]>) {
    this.entries = [...entries];
    for (const [name, value] of this.entries) this.#byName.set(name.toLowerCase(), value);
  }

  /** The text of a parameter; one sent empty counts as not sent. */
  text(name: string): string | undefined {
    const value = this.#byName.get(name.toLowerCase());
    return value === '' ? undefined : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new ApiError(400002, `Missing required parameter: ${name}`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw new ApiError(400006, `Invalid argument: ${name} must be true or false`);
    return value === 'true';
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) throw new ApiError(400006, `Invalid argument: ${name} must be a whole number`);
    return Number(value);
  }

  /** A parameter that is written as JSON. */
  json(name: string): Json | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    try {
      return JSON.parse(value) as Json;
    } catch (cause) {
      throw new ApiError(400006, `Invalid argument: ${name} is not valid JSON (${cause instanceof Error ? cause.message : 'unreadable'})`);
    }
  }

  /** A parameter that must be a JSON object. */
  object(name: string): JsonObject | undefined {
    const value = this.json(name);
    if (value === undefined || value === null) return undefined;
    if (!isObject(value)) throw new ApiError(400006, `Invalid argument: ${name} must be a JSON object`);
    return value;
  }

  names(): string[] {
    return this.entries.map(([name]) => name);
  }
}
