import { describe, expect, it } from 'vitest';
import { Channel } from './channel.ts';

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('a channel', () => {
  it('hands items on in the order they were sent and ends when its last producer has detached', async () => {
    const channel = new Channel<number>(2);
    channel.attach();
    channel.attach();
    const taken = collect(channel);
    await channel.send(1);
    channel.detach();
    await channel.send(2);
    channel.detach();
    expect(await taken).toEqual([1, 2]);
  });

  it('holds a producer back while it is full', async () => {
    const channel = new Channel<number>(2);
    channel.attach();
    expect(channel.send(1)).toBeUndefined();
    const held = channel.send(2);
    let released = false;
    void held?.then(() => {
      released = true;
    });
    await Promise.resolve();
    expect(released).toBe(false);
    const iterator = channel[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    await held;
    expect(released).toBe(true);
  });

  it('lets producers go on, and tells of what nobody took, when the consumer leaves', async () => {
    const dropped: number[] = [];
    const channel = new Channel<number>(1, (item) => dropped.push(item));
    channel.attach();
    const held = channel.send(1);
    const left = channel.send(2);
    for await (const item of channel) {
      expect(item).toBe(1);
      break;
    }
    await held;
    await left;
    expect(channel.wanted).toBe(false);
    expect(channel.send(3)).toBeUndefined();
    expect(dropped).toEqual([2, 3]);
  });

  it('wakes a waiting consumer and a waiting producer with the error it was aborted with', async () => {
    const empty = new Channel<number>(1);
    empty.attach();
    const waiting = collect(empty);
    empty.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    const full = new Channel<number>(1);
    full.attach();
    const held = full.send(1);
    full.abort(new Error('stopped'));
    await expect(held).rejects.toThrow('stopped');
    expect(() => full.send(2)).toThrow('stopped');
  });
});
