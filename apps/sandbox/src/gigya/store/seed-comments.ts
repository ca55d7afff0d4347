import type { JsonObject } from '../../json.ts';
import { Dice } from '../../population/dice.ts';
import { remarks } from '../../population/words.ts';
import { dayMs, isoOf, type SeedWorld, someUid } from './seed-world.ts';

const streamCount = 60;
const categories = ['comments', 'ratings'] as const;

/** The platform's StreamInfo object. Times in milliseconds since 1970. */
export interface CommentStream extends JsonObject {
  streamID: string;
  categoryID: string;
  createDate: number;
  commentCount: number;
}

export function seedStreams(world: SeedWorld): CommentStream[] {
  return Array.from({ length: streamCount }, (_, i) => {
    const dice = new Dice(world.seed, i, 0xc01);
    const categoryID = categories[i % categories.length] ?? 'comments';
    const createDate = world.epoch - (1 + dice.below(300)) * dayMs;
    const commentCount = dice.below(40);
    return {
      streamID: `article-${i + 1}`,
      categoryID,
      status: dice.chance(0.9) ? 'enabled' : 'readonly',
      createDate,
      commentCount,
      threadCount: Math.ceil(commentCount / 3),
      streamTitle: `Article ${i + 1}`,
      streamURL: `https://www.example.com/articles/${i + 1}`,
      rssURL: `https://www.example.com/articles/${i + 1}/comments.rss`,
      moderationMode: 'inherit',
      streamTags: [dice.pick(['news', 'sport', 'culture'])],
      'meta.section': dice.pick(['front', 'inside']),
      ...(commentCount > 0 ? { lastCommentTimestamp: commentTime({ createDate, commentCount }, commentCount - 1, world) } : {}),
      ...(categoryID === 'ratings' ? { avgRatings: { _overall: (10 + dice.below(41)) / 10 } } : {}),
    };
  });
}

/** The platform's Comment objects of a stream: threads of up to three, each a root with replies. */
export function seedComments(stream: CommentStream, world: SeedWorld): JsonObject[] {
  const { streamID, categoryID, commentCount } = stream;
  return Array.from({ length: commentCount }, (_, i) => {
    const dice = new Dice(world.seed, i, Number(streamID.split('-')[1]), 0xc02);
    const root = `${streamID}-c${i - (i % 3)}`;
    const timestamp = commentTime(stream, i, world);
    const writer = dice.below(10_000);
    const [posVotes, negVotes] = [dice.below(30), dice.below(10)];
    return {
      ID: `${streamID}-c${i}`,
      streamID,
      categoryID,
      threadID: root,
      ...(i % 3 === 0 ? {} : { parentID: root }),
      commentText: dice.pick(remarks),
      status: dice.chance(0.9) ? 'published' : 'rejected',
      sender: { UID: someUid(world, writer), name: `Reader ${writer}`, loginProvider: 'site', isSelf: false },
      timestamp,
      createDate: isoOf(timestamp),
      posVotes,
      negVotes,
      totalVotes: posVotes - negVotes,
      tags: dice.chance(0.2) ? ['featured'] : [],
      ...(categoryID === 'ratings' ? { ratings: { _overall: 1 + dice.below(5) } } : {}),
    };
  });
}

/** Comments come one after the other between the start of their stream and now. */
const commentTime = (
  { createDate, commentCount }: Pick<CommentStream, 'createDate' | 'commentCount'>,
  index: number,
  { epoch }: SeedWorld,
) => Math.floor(createDate + ((epoch - createDate) * (index + 1)) / (commentCount + 1));
