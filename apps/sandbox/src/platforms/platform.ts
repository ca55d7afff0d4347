import type { Router } from 'express';
import type { JsonObject } from '../json.ts';

/** What a stand-in may use. */
export interface PlatformPlace {
  /** Milliseconds since 1970. */
  clock(): number;
  /** Where the stand-in is reached, without a slash at its end; for answers that name addresses. Known once it listens. */
  url(): string;
}

/** One stand-in, running: its routes, and what can be seen of its state below `/_sandbox/`. */
export interface RunningPlatform {
  router: Router;
  /** Counts and contents, small enough to be read. */
  state(): JsonObject;
  /** Back to the state of a fresh start. */
  reset(): void;
}

/**
 * A local stand-in for the HTTP API of one system, written from its public documentation (named in the docstring of the
 * file), with the credentials it accepts. It refuses what the real one refuses.
 */
export interface Platform {
  /** Its path on the server: `/mailchimp`. */
  name: string;
  start(place: PlatformPlace): RunningPlatform;
}
