import { textFault } from './stored-text.js';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Python's JSON reader gives up at about 1000 levels, Postgres at some thousands. */
const deepest = 500;

/** Copies that were made here: frozen, and not in need of a second look. */
const copies = new WeakSet<object>();

/** Why a value cannot be stored, and where it stands: `kwargs.points[3].x`. */
export class JsonFault extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
  }
}

/**
 * A frozen copy of `value` that jsonb stores as it is and Python reads as it is. Throws JsonFault for everything else: NaN and
 * infinities, NUL and lone surrogates, bigint, functions, symbols, class instances (Date, Map, Buffer, ...), cycles, holes, `undefined`
 * in arrays, more than 500 levels. A property that is `undefined` is left out, as in JSON.stringify.
 */
export const plainJson = (value: unknown, path: string): JsonValue => copy(value, path, []);

/** The same for a value that must be an object. */
export const plainJsonObject = (value: unknown, path: string): JsonObject => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new JsonFault(path, 'is not an object');
  return plainJson(value, path) as JsonObject;
};

const copy = (value: unknown, path: string, above: readonly object[]): JsonValue => {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return checkedText(value, path);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new JsonFault(path, `is ${value}, which JSON does not have`);
    return value;
  }
  if (typeof value !== 'object') throw new JsonFault(path, `is a ${typeof value}, which JSON does not have`);
  if (above.length === 0 && copies.has(value)) return value as JsonValue;
  if (above.includes(value)) throw new JsonFault(path, 'contains itself');
  if (above.length >= deepest) throw new JsonFault(path, `is nested deeper than ${deepest} levels`);
  return Array.isArray(value) ? copyArray(value, path, [...above, value]) : copyObject(value, path, [...above, value]);
};

const copyArray = (value: readonly unknown[], path: string, above: readonly object[]): JsonValue =>
  kept(Array.from(value, (item, index) => copy(item, `${path}[${index}]`, above)));

const copyObject = (value: object, path: string, above: readonly object[]): JsonValue => {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new JsonFault(path, `is a ${value.constructor.name}, not a plain object`);
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]): [string, JsonValue] => [
      checkedText(key, `${path}, in a key`),
      copy(item, `${path}.${key}`, above),
    ]);
  return kept(Object.fromEntries(entries));
};

const checkedText = (text: string, path: string): string => {
  const fault = textFault(text);
  if (fault !== undefined) throw new JsonFault(path, fault);
  return text;
};

const kept = <Value extends object>(value: Value): Readonly<Value> => {
  copies.add(value);
  return Object.freeze(value);
};
