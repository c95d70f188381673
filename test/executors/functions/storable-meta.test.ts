import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storableMeta } from '../../../src/executors/functions/storable-meta.js';

const notesOf = (meta: Record<string, unknown>): unknown => storableMeta(meta)['meta_notes'];

describe('storableMeta', () => {
  it('copies JSON as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (meta) => {
        const plain = JSON.parse(JSON.stringify(meta)) as Record<string, unknown>;
        fc.pre(!/\\u0000|\\ud[89a-f]|\p{Surrogate}/iu.test(JSON.stringify(meta)));
        expect(storableMeta(plain)).toEqual(plain);
      }),
    );
  });

  it('makes of anything what jsonb can hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.anything({ withBigInt: true, withDate: true, withMap: true })),
        (meta) => {
          const stored = storableMeta(meta);
          const text = JSON.stringify(stored);
          expect(JSON.stringify(JSON.parse(text))).toBe(text);
          expect(text).not.toMatch(/(?<!\\)(\\\\)*\\u0000/);
        },
      ),
    );
  });

  it.each([
    ['a bigint', { total: 10n }, { total: '10' }, ['total: a bigint became text']],
    ['NaN', { a: { b: [1, Number.NaN] } }, { a: { b: [1, null] } }, ['a.b[1]: NaN became null']],
    ['infinity', { eta: Infinity }, { eta: null }, ['eta: Infinity became null']],
    ['a function', { go: () => 1 }, {}, ['go: a function was left out']],
    ['a symbol in an array', { list: [Symbol('x'), 1] }, { list: [null, 1] }, ['list[0]: a symbol was left out']],
    ['NUL', { t: 'a\0b' }, { t: 'a\uFFFDb' }, ['t: characters that Postgres refuses were replaced']],
    ['half a surrogate pair', { t: '\uD800' }, { t: '\uFFFD' }, ['t: characters that Postgres refuses were replaced']],
  ])('notes %s', (_what, meta, stored, notes) => {
    expect(storableMeta(meta)).toEqual({ ...stored, meta_notes: notes });
  });

  it('needs no note for what JSON.stringify does', () => {
    const at = new Date(0);
    expect(
      storableMeta({ at, none: undefined, list: [undefined], map: new Map([[1, 2]]), yes: true, no: null }),
    ).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      list: [null],
      map: {},
      yes: true,
      no: null,
    });
  });

  it('ends circles, not repetitions', () => {
    const shared = { x: 1 };
    const meta: Record<string, unknown> = { one: shared, two: shared };
    expect(storableMeta(meta)).toEqual({ one: { x: 1 }, two: { x: 1 } });
    meta['self'] = meta;
    expect(storableMeta(meta)).toMatchObject({ self: null, meta_notes: ['self: a circular reference became null'] });
  });

  it('ends depth', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(notesOf({ deep })).toEqual([expect.stringMatching(/deeper than 64 became null$/)]);
  });

  it('survives getters, toJSON and proxies that throw', () => {
    const fail = (): never => {
      throw new Error('on purpose');
    };
    const meta = {
      kept: 1,
      get trap(): string {
        return fail();
      },
      odd: { toJSON: fail },
      proxy: new Proxy({}, { has: fail, ownKeys: fail }),
    };
    expect(storableMeta(meta)).toEqual({
      kept: 1,
      odd: null,
      proxy: null,
      meta_notes: [
        'trap: a getter that throws was left out',
        'odd: a value that cannot be read became null',
        'proxy: a value that cannot be read became null',
      ],
    });
  });

  it('keeps keys such as __proto__ as plain data, and mends keys', () => {
    const meta = JSON.parse('{ "__proto__": { "polluted": true }, "a\\u0000": 1 }') as Record<string, unknown>;
    const stored = storableMeta(meta);
    expect(JSON.stringify(stored)).toBe('{"__proto__":{"polluted":true},"a\uFFFD":1}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('is empty where meta itself turns into something else', () => {
    expect(storableMeta({ toJSON: () => 'text' })).toEqual({});
    expect(storableMeta({ toJSON: () => [1] })).toEqual({});
  });

  it('notes twenty things at most', () => {
    const meta = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`n${index}`, Number.NaN]));
    expect(notesOf(meta)).toHaveLength(20);
  });
});
