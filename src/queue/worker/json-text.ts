/** Escapes that jsonb refuses: NUL, and halves of surrogate pairs, which JSON.stringify writes as escapes. */
const refusedEscape = /(\\\\)|\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

/**
 * `value` as JSON that jsonb takes: NUL and lone surrogates become U+FFFD, in keys too, NaN and infinities null, bigints text. Undefined
 * for what JSON cannot say at all: cycles, a `toJSON` that throws.
 */
export const jsonText = (value: unknown): string | undefined => {
  try {
    const text = JSON.stringify(value, plain) as string | undefined;
    return text?.replace(refusedEscape, (_escape, backslash: string | undefined) => backslash ?? '\\ufffd');
  } catch {
    return undefined;
  }
};
