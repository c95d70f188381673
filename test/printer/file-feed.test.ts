import { describe, expect, it } from 'vitest';
import type { GcodeLine } from '../../src/gcode/gcode-line.js';
import { FileFeed, type FileFeedOptions } from '../../src/printer/file-feed.js';
import { batchesOf, gcodeLines } from '../support/printer/printer-bench.js';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

const feedOf = (texts: readonly string[], options: Partial<FileFeedOptions> = {}): FileFeed =>
  new FileFeed({
    source: batchesOf(gcodeLines(...texts)),
    maxLineBytes: 95,
    wake: () => undefined,
    beforeExtrusion: () => Promise.resolve(),
    failed: () => undefined,
    leaving: () => undefined,
    ...options,
  });

const takeAll = async (feed: FileFeed): Promise<string[]> => {
  const taken: string[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    for (let next = feed.peek(); next; next = feed.peek()) {
      taken.push(next.command);
      feed.take();
    }
    await turns();
  }
  return taken;
};

describe('feeding a file', () => {
  it('gives each line once and says how far the machine was driven', async () => {
    const left: string[] = [];
    const feed = feedOf(['M117 hello', 'M104 S200', 'G1 X1', 'M110 N7', 'G1 X2 E1'], {
      leaving: ({ line }) => left.push(`${feed.extent} ${line.text}`),
    });
    expect(feed.isOver).toBe(false);
    expect(await takeAll(feed)).toEqual(['M117 hello', 'M104 S200', 'G1 X1', 'G1 X2 E1']);
    expect(left).toEqual(['sent M117 hello', 'heated M104 S200', 'moved G1 X1', 'extruded G1 X2 E1']);
    expect(feed.isOver).toBe(true);
    feed.take();
    expect(feed.peek()).toBeUndefined();
  });

  it('keeps the first extruding line back until the gate opens', async () => {
    let open: () => void = () => undefined;
    let asked = 0;
    let woken = 0;
    const feed = feedOf(['G1 X1', 'G1 X2 E1', 'G1 X3 E2'], {
      beforeExtrusion: () => {
        asked += 1;
        return new Promise((resolve) => {
          open = resolve;
        });
      },
      wake: () => {
        woken += 1;
      },
    });
    expect(await takeAll(feed)).toEqual(['G1 X1']);
    expect(feed.peek()).toBeUndefined();
    expect([asked, feed.extent]).toEqual([1, 'moved']);
    const before = woken;
    open();
    await turns();
    expect(woken).toBe(before + 1);
    expect(await takeAll(feed)).toEqual(['G1 X2 E1', 'G1 X3 E2']);
    expect(asked).toBe(1);
  });

  it('fails when the gate does, before anything is extruded', async () => {
    const failures: unknown[] = [];
    const feed = feedOf(['G1 X2 E1'], {
      beforeExtrusion: () => Promise.reject(new Error('no')),
      failed: (error) => failures.push(error),
    });
    expect(await takeAll(feed)).toEqual([]);
    expect(failures).toMatchObject([{ message: 'no' }]);
    expect(feed.isOver).toBe(false);
  });

  it('refuses a line that the firmware would cut, and cuts a message itself', async () => {
    const failures: unknown[] = [];
    const long = 'X1.000000 '.repeat(12);
    const feed = feedOf([`M117 ${long}`, 'G1 X1', `G1 ${long}`, 'G1 X2'], { failed: (error) => failures.push(error) });
    const taken = await takeAll(feed);
    expect(taken.map(({ length }) => length <= 82)).toEqual([true, true]);
    expect(taken[1]).toBe('G1 X1');
    expect(failures).toMatchObject([{ code: 'LINE_TOO_LONG', data: { line: 3 } }]);
  });

  it('passes on that the source failed', async () => {
    async function* source(): AsyncGenerator<readonly GcodeLine[]> {
      yield gcodeLines('G1 X1');
      throw new Error('disk gone');
    }
    const failures: unknown[] = [];
    const feed = feedOf([], { source: source(), failed: (error) => failures.push(error) });
    expect(await takeAll(feed)).toEqual(['G1 X1']);
    expect(failures).toMatchObject([{ message: 'disk gone' }]);
    expect(feed.isOver).toBe(false);
  });

  it('gives nothing while held or closed', async () => {
    const feed = feedOf(['G1 X1', 'G1 X2']);
    feed.hold(true);
    expect(await takeAll(feed)).toEqual([]);
    feed.hold(false);
    feed.peek();
    await turns();
    feed.peek();
    feed.take();
    await feed.close();
    expect(await takeAll(feed)).toEqual([]);
  });
});
