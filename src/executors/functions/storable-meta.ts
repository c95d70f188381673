import { storableText } from './storable-text.js';

type Meta = Record<string, unknown>;

const deepest = 64;
const mostNotes = 20;

/** Stands for a property that is left out. */
const absent = Symbol('absent');

/** Walks one meta and makes plain JSON of it, noting by path what could not be kept as it was. */
class MetaWalk {
  readonly notes: string[] = [];
  readonly #above: object[] = [];

  #note(path: string, what: string): void {
    if (this.notes.length < mostNotes) this.notes.push(storableText(`${path}: ${what}`));
  }

  storable(value: unknown, path: string): unknown {
    switch (typeof value) {
      case 'string':
        return this.#text(value, path);
      case 'number':
        if (Number.isFinite(value)) return value;
        this.#note(path, `${value} became null`);
        return null;
      case 'bigint':
        this.#note(path, 'a bigint became text');
        return value.toString();
      case 'function':
      case 'symbol':
        this.#note(path, `a ${typeof value} was left out`);
        return absent;
      case 'undefined':
        return absent;
      case 'object':
        return value === null ? null : this.#object(value, path);
      case 'boolean':
      default:
        return value;
    }
  }

  #text(text: string, path: string): string {
    const stored = storableText(text);
    if (stored !== text) this.#note(path, 'characters that Postgres refuses were replaced');
    return stored;
  }

  #object(value: object, path: string): unknown {
    if (this.#above.includes(value)) {
      this.#note(path, 'a circular reference became null');
      return null;
    }
    if (this.#above.length >= deepest) {
      this.#note(path, `what is nested deeper than ${deepest} became null`);
      return null;
    }
    this.#above.push(value);
    try {
      return this.#members(value, path);
    } catch {
      this.#note(path, 'a value that cannot be read became null');
      return null;
    } finally {
      this.#above.pop();
    }
  }

  #members(value: object, path: string): unknown {
    const toJSON: unknown = 'toJSON' in value ? value.toJSON : undefined;
    if (typeof toJSON === 'function') return this.storable(toJSON.call(value), path);
    if (Array.isArray(value))
      return value.map((item, index) => {
        const stored = this.storable(item, `${path}[${index}]`);
        return stored === absent ? null : stored;
      });
    const members: [string, unknown][] = [];
    for (const key of Object.keys(value)) {
      const stored = this.#member(value, key, path === '' ? key : `${path}.${key}`);
      if (stored !== absent) members.push([storableText(key), stored]);
    }
    return Object.fromEntries(members);
  }

  #member(value: object, key: string, path: string): unknown {
    let member: unknown;
    try {
      member = (value as Meta)[key];
    } catch {
      this.#note(path, 'a getter that throws was left out');
      return absent;
    }
    return this.storable(member, path);
  }
}

/**
 * A copy of `meta` that jsonb can hold, as `JSON.stringify` would make it, but never throwing: a bigint becomes text, NaN and what is
 * circular become null, functions and symbols are left out, and each such change is a line of `meta_notes` in the copy (20 at most). A run
 * that did its work is not failed for a note that it left.
 */
export const storableMeta = (meta: Readonly<Meta>): Meta => {
  const walk = new MetaWalk();
  const stored = walk.storable(meta, '');
  const plain = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as Meta) : {};
  return walk.notes.length === 0 ? plain : { ...plain, meta_notes: walk.notes };
};
