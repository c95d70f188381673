import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pendingLimit } from '../../src/transport/link.js';
import { TtyWriter } from '../../src/transport/links/tty-writer.js';

/** A descriptor that takes as many characters as `room` says, as a tty with a full buffer does. */
class FakeFd {
  text = '';
  room = Number.POSITIVE_INFINITY;
  failure: Error | undefined;

  readonly write = (_fd: number, text: string): number => {
    if (this.failure) throw this.failure;
    if (this.room === 0)
      throw Object.assign(new Error('EAGAIN: resource temporarily unavailable, write'), { code: 'EAGAIN' });
    const taken = Math.min(this.room, text.length);
    this.room -= taken;
    this.text += text.slice(0, taken);
    return taken;
  };
}

describe('TtyWriter', () => {
  let fd: FakeFd;
  let failures: unknown[];
  let writer: TtyWriter;

  beforeEach(() => {
    vi.useFakeTimers();
    fd = new FakeFd();
    failures = [];
    writer = new TtyWriter(3, (cause) => failures.push(cause), fd.write);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('writes at once while there is room', () => {
    writer.write('M105\n');
    writer.write('');
    expect(fd.text).toBe('M105\n');
  });

  it('keeps the order of what the port does not take yet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 8 })), fc.array(fc.nat(10)), async (texts, rooms) => {
        const port = new FakeFd();
        const under = new TtyWriter(3, () => undefined, port.write);
        port.room = 0;
        for (const [i, text] of texts.entries()) {
          under.write(text);
          port.room += rooms[i] ?? 0;
          await vi.advanceTimersByTimeAsync(3);
        }
        port.room = Number.POSITIVE_INFINITY;
        await vi.advanceTimersByTimeAsync(20);
        expect(port.text).toBe(texts.join(''));
      }),
    );
  });

  it('fails once when the port is gone, and is silent then', () => {
    fd.failure = Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' });
    writer.write('M105\n');
    writer.write('M105\n');
    expect(failures).toEqual([fd.failure]);
  });

  it('fails on a later try as well', async () => {
    fd.room = 2;
    writer.write('M105\n');
    fd.failure = new Error('gone');
    await vi.advanceTimersByTimeAsync(20);
    expect(failures).toEqual([fd.failure]);
  });

  it('gives up on a port that takes nothing', () => {
    fd.room = 0;
    writer.write('x');
    writer.write('y'.repeat(pendingLimit));
    expect(String(failures[0])).toContain('took no byte');
    expect(failures).toHaveLength(1);
  });

  it('lets waiting text leave when it is stopped', async () => {
    fd.room = 3;
    writer.write('M104 S0\n');
    const stopped = writer.stop();
    fd.room = 100;
    await vi.advanceTimersByTimeAsync(20);
    await stopped;
    expect(fd.text).toBe('M104 S0\n');
    writer.write('late\n');
    expect(fd.text).toBe('M104 S0\n');
  });

  it('waits no longer than its patience', async () => {
    fd.room = 0;
    writer.write('M104 S0\n');
    const stopped = writer.stop();
    await vi.advanceTimersByTimeAsync(1000);
    await stopped;
    expect(failures).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
