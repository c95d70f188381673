/** Text that Postgres takes as text and in jsonb: NUL and lone surrogates, which it refuses, become U+FFFD. */
export const storableText = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\uFFFD');

/** At most `length` characters of `text`, saying so where something was cut. */
export const cutText = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)} … (${text.length - length} more characters)`;
