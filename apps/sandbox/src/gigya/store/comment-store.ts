import type { JsonObject } from '../../json.ts';
import type { RecordList } from '../search/search-plan.ts';
import { type CommentStream, seedComments, seedStreams } from './seed-comments.ts';
import type { SeedWorld } from './seed-world.ts';

/** Streams and comments of a fresh site; they do not change. */
export class CommentStore {
  readonly #world: SeedWorld;
  #made: { streams: CommentStream[]; comments: JsonObject[] } | undefined;
  readonly streams: RecordList = { count: () => this.#records.streams.length, recordAt: (row) => this.#records.streams[row] };
  readonly comments: RecordList = { count: () => this.#records.comments.length, recordAt: (row) => this.#records.comments[row] };

  constructor(world: SeedWorld) {
    this.#world = world;
  }

  get #records() {
    if (!this.#made) {
      const streams = seedStreams(this.#world);
      this.#made = { streams, comments: streams.flatMap((stream) => seedComments(stream, this.#world)) };
    }
    return this.#made;
  }
}
