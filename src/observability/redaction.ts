import pino from 'pino';

const mask = '[redacted]';
const deepest = 8;

const word = 'pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|authorization';
const secretName = new RegExp(word, 'i');

/** Anything that could need work below; most lines hold nothing of the kind. */
const suspicious = new RegExp(`${word}|://`, 'i');
/** `scheme://user:password@`, up to the last @ of the word, as passwords hold @ in the wild. */
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"\\]*:)(?:[^\s"\\]|\\.)+@/gi;
/** `password=x`, `"token":"x"`, `secret: 'x y'`, `Authorization: Bearer x`; also within a JSON text, where quotes have a backslash. */
const namedSecret = new RegExp(
  String.raw`((?:${word})[\w-]*(?:\\?["'])?\s*[=:]\s*(?:(?:bearer|basic)\s+)?)` +
    String.raw`(\\"(?:[^"\\]|\\\\.)*\\"|"(?:[^"\\]|\\.)*"|'[^'"]*'|[^\s"',;&}\])\\]+)`,
  'gi',
);

/** A finished line, or any text, without what looks like a secret. A line of JSON stays JSON. */
export const redactText = (text: string): string => {
  if (!suspicious.test(text)) return text;
  return text
    .replace(urlPassword, `$1${mask}@`)
    .replace(namedSecret, (_all, name: string, value: string) => name + masked(value));
};

const masked = (value: string): string => {
  const quote = /^(?:\\?"|')/.exec(value)?.[0] ?? '';
  return quote + mask + quote;
};

/** An object for the log, without the values of keys that are named like secrets, at any depth. */
export const redactObject = (fields: object): Record<string, unknown> =>
  redactEntries(fields, 0, new Set()) as Record<string, unknown>;

const redactValue = (value: unknown, depth: number, above: ReadonlySet<object>): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (above.has(value)) return '[circular]';
  if (depth > deepest) return '[deep]';
  if (value instanceof Error) return redactEntries(pino.stdSerializers.err(value), depth, above);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return redactEntries(value, depth, above);
};

const redactEntries = (value: object, depth: number, above: ReadonlySet<object>): unknown => {
  const path = new Set(above).add(value);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1, path));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretName.test(key) && item !== undefined && item !== null ? mask : redactValue(item, depth + 1, path),
    ]),
  );
};
