import type { z } from 'zod';
import { didYouMean } from './did-you-mean.js';
import { devicesJsonSchema } from './devices-schema.js';

/** One thing that is wrong in devices.json. */
export interface ConfigProblem {
  /** `printers[0].baud_rate`; '' for the file as a whole. */
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly description?: string;
  readonly default?: unknown;
}

const fieldText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');

const nodeAt = (path: readonly PropertyKey[]): SchemaNode | undefined =>
  path.reduce<SchemaNode | undefined>(
    (node, key) => (typeof key === 'number' ? node?.items : node?.properties?.[String(key)]),
    devicesJsonSchema(),
  );

/** What the field is for; an entry of a list has the list's. */
const descriptionAt = (path: readonly PropertyKey[]): string => {
  const own = nodeAt(path)?.description;
  if (own !== undefined || path.length === 0) return own ?? 'See devices.example.json.';
  return descriptionAt(path.slice(0, -1));
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text in quotation marks',
  number: 'a number without quotation marks',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object `{ ... }`',
  array: 'a list `[ ... ]`',
};

/** The number that was probably meant: a digit too few or too many (25000 for 250000), else the next one by ratio. */
const nearestNumber = (written: number, known: readonly number[]): number | undefined => {
  const byDigits = didYouMean(String(written), known.map(String));
  if (byDigits !== undefined) return Number(byDigits);
  return [...known].sort((a, b) => Math.abs(Math.log(a / written)) - Math.abs(Math.log(b / written)))[0];
};

const meant = (written: unknown, known: readonly unknown[]): string | undefined => {
  const numbers = known.filter((value) => typeof value === 'number');
  if (numbers.length > 0 && typeof written !== 'object') {
    const value = Number(written);
    const near = value > 0 ? nearestNumber(value, numbers) : undefined;
    return near === undefined ? undefined : String(near);
  }
  return didYouMean(String(written), known.map(String));
};

const unknownFields = (issue: z.core.$ZodIssueUnrecognizedKeys): ConfigProblem[] => {
  const known = Object.keys(nodeAt(issue.path)?.properties ?? {});
  return issue.keys.map((key) => {
    const near = didYouMean(key, known);
    const remedy = near === undefined ? `Fields here: ${known.join(', ')}.` : `Did you mean \`${near}\`?`;
    return { field: fieldText([...issue.path, key]), problem: 'there is no such field', remedy };
  });
};

const units: Readonly<Record<string, string>> = { array: ' entries', string: ' characters' };

const outOfRange = (issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, written: unknown): string => {
  if (issue.code === 'too_small' && issue.minimum === 1 && units[issue.origin])
    return `${shown(written)}: must not be empty`;
  const bound =
    issue.code === 'too_big'
      ? `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`
      : `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  return `${shown(written)}: must be ${bound}${units[issue.origin] ?? ''}`;
};

const wording = (issue: z.core.$ZodIssue, written: unknown): string => {
  if (issue.code === 'too_big' || issue.code === 'too_small') return outOfRange(issue, written);
  if (issue.code === 'invalid_value') return `${shown(written)} is none of ${issue.values.map(String).join(', ')}`;
  if (issue.code !== 'invalid_type')
    return written === undefined ? issue.message : `${shown(written)}: ${issue.message}`;
  return written === undefined
    ? 'missing'
    : `expected ${typeWords[issue.expected] ?? issue.expected}, found ${shown(written)}`;
};

/** Explains one issue of zod for the person who wrote the file: what was found, what to write, and what the field is for. */
const explain = (issue: z.core.$ZodIssue, input: unknown): ConfigProblem[] => {
  if (issue.code === 'unrecognized_keys') return unknownFields(issue);
  const written = valueAt(input, issue.path);
  const near = issue.code === 'invalid_value' ? meant(written, issue.values) : undefined;
  const about = descriptionAt(issue.path);
  const remedy = near === undefined ? about : `Did you mean ${near}?`;
  return [{ field: fieldText(issue.path), problem: wording(issue, written), remedy }];
};

/** Everything that zod found wrong with the file's content. */
export const configProblems = (error: z.core.$ZodError, input: unknown): ConfigProblem[] =>
  error.issues.flatMap((issue) => explain(issue, input));
