import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const collectEveryCharacters = 8 * 1024 * 1024;

/**
 * Frees the texts that isolates have handed over. V8 holds them outside its heap and frees them with a full collection only, for
 * which a process that keeps nothing else never sees a reason.
 */
export class TextCollector {
  readonly #collect: () => void;
  #characters = 0;

  constructor() {
    // The flag is taken back at once: contexts made later, those of scripts among them, have no gc().
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }

  /** Counts the characters of a text that is no longer needed, and collects now and then. */
  used(characters: number): void {
    this.#characters += characters;
    if (this.#characters < collectEveryCharacters) return;
    this.#characters = 0;
    this.#collect();
  }
}
