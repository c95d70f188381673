import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobIdMaker, isJobId, newJobId } from '../../src/queue/job-id.js';

const bits = (id: string): bigint => BigInt(`0x${id.replaceAll('-', '')}`);
const ticks = (id: string): bigint => bits(id) >> 68n;

describe('job ids', () => {
  it('[!] have Chancy’s layout: 4 zeros, 56 bits of 100 ns ticks, 7, binary 10, 62 random bits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7_000_000_000_000 }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (now, chance) => {
          const maker = new JobIdMaker({
            now: () => now,
            random: (bytes) => {
              for (let at = 0; at < bytes.length; at += 8) bytes.set(chance, at);
            },
          });
          const id = maker.next();
          expect(isJobId(id)).toBe(true);
          expect(bits(id) >> 124n).toBe(0n);
          expect(ticks(id)).toBe(BigInt(now) * 10_000n);
          expect((bits(id) >> 64n) & 15n).toBe(7n);
          expect((bits(id) >> 62n) & 3n).toBe(2n);
          const random = chance.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
          expect(bits(id) & (2n ** 62n - 1n)).toBe(random & (2n ** 62n - 1n));
        },
      ),
    );
  });

  it('[!] sort among Python’s: after one made a second before, before one made a second later', () => {
    // Made by Python's Chancy; its ticks are those of 2025-11-22 or so.
    const python = '03fc9681-0e6c-8d37-a0fe-d3feb638167d';
    const madeAt = Number(ticks(python) / 10_000n);
    expect(new Date(madeAt).getUTCFullYear()).toBeGreaterThanOrEqual(2025);
    expect(new JobIdMaker({ now: () => madeAt - 1000 }).next() < python).toBe(true);
    expect(new JobIdMaker({ now: () => madeAt + 1000 }).next() > python).toBe(true);
  });

  it('rise whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 3 }), { minLength: 2, maxLength: 200 }), (steps) => {
        let now = 1_700_000_000_000;
        const maker = new JobIdMaker({ now: () => now });
        let last = maker.next();
        for (const step of steps) {
          now += step;
          const id = maker.next();
          expect(id > last).toBe(true);
          last = id;
        }
      }),
    );
  });

  it('rise within one millisecond, also when there are more than its ticks', () => {
    const maker = new JobIdMaker({ now: () => 1_700_000_000_000 });
    const ids = Array.from({ length: 25_000 }, () => maker.next());
    expect(ids).toEqual(ids.toSorted());
    expect(ticks(ids[24_999]!) - ticks(ids[0]!)).toBe(24_999n);
  });

  it('are unique and rising over 100,000 of the process', () => {
    const ids = Array.from({ length: 100_000 }, newJobId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, index) => index === 0 || id > ids[index - 1]!)).toBe(true);
    expect(new Set(ids.map((id) => id.slice(19))).size).toBe(ids.length);
  });

  it('are told from other texts', () => {
    expect(isJobId('03FC9681-0E6C-8D37-A0FE-D3FEB638167D')).toBe(true);
    for (const text of ['', '1', '03fc96810e6c8d37a0fed3feb638167d', 'x3fc9681-0e6c-8d37-a0fe-d3feb638167d']) {
      expect(isJobId(text)).toBe(false);
    }
  });
});
