import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonFault, plainJson, plainJsonObject } from '../../src/queue/plain-json.js';
import { withApp } from './support/app.js';

const circle: { list: unknown[] } = { list: [] };
circle.list.push({ circle });

const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};

describe('plain JSON', () => {
  it.each([
    [{ x: Number.NaN }, 'kwargs.x: is NaN'],
    [{ x: [1, Infinity] }, 'kwargs.x[1]: is Infinity'],
    [{ x: { y: 'a\0' } }, 'kwargs.x.y: holds a NUL character'],
    [{ '\0': 1 }, 'kwargs, in a key: holds a NUL character'],
    [{ x: '\uDC00' }, 'kwargs.x: holds half of a surrogate pair'],
    [{ x: 1n }, 'kwargs.x: is a bigint'],
    [{ x: () => 1 }, 'kwargs.x: is a function'],
    [{ x: Symbol('s') }, 'kwargs.x: is a symbol'],
    [{ x: [undefined] }, 'kwargs.x[0]: is a undefined'],
    [{ x: new Date() }, 'kwargs.x: is a Date, not a plain object'],
    [{ x: new Map() }, 'kwargs.x: is a Map'],
    [{ x: Buffer.from('x') }, 'kwargs.x: is a Buffer'],
    [circle, 'kwargs.list[0].circle: contains itself'],
    [{ x: nested(500) }, 'is nested deeper than 500 levels'],
    [[1], 'kwargs: is not an object'],
  ])('refuses %# and says where', (value, message) => {
    expect(() => plainJsonObject(value, 'kwargs')).toThrow(JsonFault);
    expect(() => plainJsonObject(value, 'kwargs')).toThrow(message);
  });

  it('refuses a hole in an array', () => {
    expect(() => plainJson(Object.assign([1], { 2: 2 }), 'x')).toThrow('x[1]: is a undefined');
  });

  it('takes an object without prototype, and the same object twice where it is no circle', () => {
    const shared = { a: 1 };
    const value = Object.assign(Object.create(null) as object, { x: shared, y: shared });
    expect(plainJson(value, 'x')).toEqual({ x: { a: 1 }, y: { a: 1 } });
  });

  it('keeps a key called __proto__ a key', () => {
    const value: unknown = JSON.parse('{"__proto__": {"x": 1}}');
    expect(JSON.stringify(plainJson(value, 'x'))).toBe('{"__proto__":{"x":1}}');
  });
});

describe('what passes', () => {
  const fixture = withApp({ migrate: false });

  it('is stored by jsonb and comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (value) => {
        let passed: unknown;
        try {
          passed = plainJson(value, 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(JsonFault);
          expect(JSON.stringify(value)).toMatch(/\\u0000|\\ud[89a-f]/);
          return;
        }
        const [row] = await fixture.rows<{ value: unknown }>('SELECT $1::jsonb AS value', [JSON.stringify(passed)]);
        expect(JSON.stringify(sorted(row?.value))).toBe(JSON.stringify(sorted(JSON.parse(JSON.stringify(value)))));
      }),
      { numRuns: 200 },
    );
  });

  it('may be nested as deep as is allowed', async () => {
    const text = JSON.stringify(plainJson(nested(500), 'x'));
    const [row] = await fixture.rows<{ same: boolean }>('SELECT $1::jsonb::text = $1::text AS same', [text]);
    expect(row?.same).toBe(true);
  });
});

/** jsonb keeps no order of keys, and knows no negative zero. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, sorted(item)]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
};
