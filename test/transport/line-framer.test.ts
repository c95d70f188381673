import { once } from 'node:events';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineFramer } from '../../src/transport/line-framer.js';
import { LineGuard } from '../../src/transport/links/line-guard.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const framed = (chunks: readonly Buffer[], limit?: number): string[] => {
  const framer = new LineFramer(limit);
  return [...chunks.flatMap((chunk) => framer.push(chunk)), ...framer.end()];
};

/** Bytes in which line ends are frequent, and a way to cut them. */
const stream = fc.array(fc.oneof(fc.constantFrom(10, 13, 111, 107), fc.integer({ min: 0, max: 255 })), {
  maxLength: 200,
});
const cuts = fc.array(fc.nat(200), { maxLength: 20 });

const chunked = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const ends = [...at, bytes.length].filter((end) => end <= bytes.length).sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
};

describe('LineFramer', () => {
  it('gives the same lines however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(stream, cuts, fc.integer({ min: 1, max: 20 }), (bytes, at, limit) => {
        const whole = Buffer.from(bytes);
        expect(framed(chunked(whole, at), limit)).toEqual(framed([whole], limit));
      }),
    );
  });

  it('loses no byte but line ends, and no line is longer than the limit', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 20 }), (bytes, limit) => {
        const lines = framed([Buffer.from(bytes)], limit);
        expect(lines.join('')).toBe(
          Buffer.from(bytes)
            .toString('latin1')
            .replaceAll(/[\r\n]/g, ''),
        );
        expect(lines.every((line) => line.length > 0 && line.length <= limit)).toBe(true);
      }),
    );
  });

  it('takes LF, CR LF and CR as the same end, also when CR and LF come apart', () => {
    const framer = new LineFramer();
    expect(framer.push(latin1('ok\r'))).toEqual(['ok']);
    expect(framer.push(latin1('\nwait\nT:1'))).toEqual(['wait']);
    expect(framer.push(latin1('\r\r\n\n'))).toEqual(['T:1']);
    expect(framer.end()).toEqual([]);
  });

  it('keeps no more than the limit of a line without end', () => {
    const framer = new LineFramer(8);
    expect(framer.push(latin1('12345678'))).toEqual([]);
    expect(framer.push(latin1('9'))).toEqual(['12345678']);
    expect(framer.end()).toEqual(['9']);
    expect(framer.end()).toEqual([]);
  });
});

describe('LineGuard', () => {
  const guarded = async (chunks: readonly Buffer[], limit: number): Promise<string> => {
    const guard = new LineGuard(limit);
    let text = '';
    guard.pipe(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          text += chunk.toString('latin1');
          done();
        },
      }),
    );
    for (const chunk of chunks) guard.write(Buffer.from(chunk));
    guard.end();
    await once(guard, 'end');
    return text;
  };

  it("gives serialport's parser the lines that the framer would give", async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, fc.integer({ min: 1, max: 20 }), async (bytes, at, limit) => {
        const whole = Buffer.from(bytes);
        const text = await guarded(chunked(whole, at), limit);
        expect(text).not.toContain('\r');
        expect(text.split('\n').filter((line) => line !== '')).toEqual(framed([whole], limit));
      }),
      { numRuns: 50 },
    );
  });
});
