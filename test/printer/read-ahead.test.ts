import { describe, expect, it } from 'vitest';
import { ReadAhead } from '../../src/printer/read-ahead.js';

async function* counting(batches: number, size: number, read: number[]): AsyncGenerator<readonly number[]> {
  for (let batch = 0; batch < batches; batch += 1) {
    await Promise.resolve();
    read.push(batch);
    yield Array.from({ length: size }, (_, index) => batch * size + index);
  }
}

/** Takes everything, as a printer would. */
const drain = (
  source: AsyncIterable<readonly number[]>,
  capacity?: number,
): Promise<{ items: number[]; error: unknown }> =>
  new Promise((resolve) => {
    const items: number[] = [];
    const look = (): void => {
      for (let item = ahead.next(); item !== undefined; item = ahead.next()) items.push(item);
      if (ahead.isOver) resolve({ items, error: ahead.error });
    };
    const ahead = new ReadAhead(source, look, capacity);
    look();
  });

describe('reading ahead', () => {
  it('gives everything in order, empty batches too', async () => {
    async function* source(): AsyncGenerator<readonly number[]> {
      yield [];
      yield* counting(5, 3, []);
      yield [];
    }
    expect((await drain(source(), 4)).items).toEqual(Array.from({ length: 15 }, (_, index) => index));
  });

  it('stops reading when enough is here, and goes on when half of it was taken', async () => {
    const read: number[] = [];
    const ahead = new ReadAhead(counting(100, 10, read), () => undefined, 40);
    expect(ahead.next()).toBeUndefined();
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
    expect(read).toHaveLength(4);
    for (let item = 0; item < 21; item += 1) expect(ahead.next()).toBe(item);
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
    expect(read).toHaveLength(7);
    await ahead.close();
    expect(ahead.next()).toBeUndefined();
    expect(ahead.isOver).toBe(true);
  });

  it('gives what came before a failure, then the failure', async () => {
    async function* source(): AsyncGenerator<readonly number[]> {
      yield* counting(2, 2, []);
      throw new Error('disk gone');
    }
    const { items, error } = await drain(source());
    expect(items).toEqual([0, 1, 2, 3]);
    expect(error).toMatchObject({ message: 'disk gone' });
  });

  it('lets go of the source when closed early, and drops what still comes', async () => {
    let released = false;
    let give: (batch: readonly number[]) => void = () => undefined;
    const source: AsyncIterable<readonly number[]> = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve) => {
            give = (value) => resolve({ done: false, value });
          }),
        return: () => {
          released = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const ahead = new ReadAhead(source, () => undefined);
    ahead.fill();
    ahead.fill();
    await ahead.close();
    give([1]);
    await Promise.resolve();
    expect(released).toBe(true);
    expect(ahead.next()).toBeUndefined();
  });
});
