import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { devicesJsonSchema } from '../src/devices/devices-schema.js';

/** What of JSON Schema the schema of devices.json uses. */
interface Field {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly enum?: readonly (string | number)[] | undefined;
  readonly minimum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly properties?: Fields | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Field | undefined;
}

const field: z.ZodType<Field> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    enum: z.array(z.union([z.string(), z.number()])).optional(),
    minimum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    maximum: z.number().optional(),
    maxLength: z.number().optional(),
    maxItems: z.number().optional(),
    properties: z.record(z.string(), field).optional(),
    required: z.array(z.string()).optional(),
    items: field.optional(),
  }),
);

type Fields = Readonly<Record<string, Field>>;

/** docs/devices.md, from the schema that reads devices.json. */
export const devicesPage = async (): Promise<string> => {
  const { properties, required: needed } = field.parse(devicesJsonSchema());
  const { gateway, printers } = properties ?? {};
  const printer = printers?.items;
  if (!properties || !gateway?.properties || !printer?.properties)
    throw new Error('the schema of devices.json is not as expected');
  const page = `${introduction}

## The file

${table(properties, needed)}

## \`gateway\`: this gateway

${table(gateway.properties)}

## \`printers\`: one entry for each printer

A \`path\` is needed unless the printer is \`simulated\`, which has none.

${table(printer.properties, printer.required)}

${nested(printer.properties).join('\n\n')}

## Scripts

\`cancel_script\`, \`pause_script\` and \`resume_script\` are lists of G-code commands, one an entry, sent as they stand: plain ASCII that begins
with an upper-case letter, at most 80 characters, without comments, line numbers and checksums. Without a script of your own a
cancelled print ends with \`M104 S0\`, \`M140 S0\`, \`M107\`, then up by \`park.raise_mm\`, to \`park.x_mm\` \`park.y_mm\` if they are given, and
\`M84\`; a pause goes up and to the same place.
`;
  const file = join(import.meta.dirname, '../docs/devices.md');
  return format(page, { ...(await resolveConfig(file)), parser: 'markdown' });
};

const introduction = `# devices.json

<!-- Written by \`npm run docs:devices\` from src/devices/device-schema.ts. -->

What a gateway knows of its printers. It is read once, when the gateway starts, and strictly: a field that does not exist is an error, with
the field that was probably meant. Units are in the names: \`_mm\` millimetres, \`_s\` seconds, \`_c\` degrees Celsius, \`_bytes\` bytes,
\`_mm_min\` millimetres a minute.

- [devices.example.json](../devices.example.json) is a file to copy: a printer with everything that can be set, one with defaults, a
  simulated one.
- \`spoolgate devices discover\` lists the ports of the machine and prints an entry for each that no printer has.
- \`spoolgate devices check\` explains each mistake with file, field and remedy.
- \`spoolgate devices schema > devices.schema.json\` writes a JSON Schema for editors; name it at the top of the file as \`$schema\`.
- JSON has no comments: a key \`"//"\` with a text, or a list of texts, may stand in every object.

Two printers may not have the same \`id\` or the same \`path\`. Not used by this version: \`bed\`, \`limits\` and \`tags\` are checked and
shown, but no print is compared with them.`;

const table = (fields: Fields, needed: readonly string[] = []): string => {
  const rows = Object.entries(fields)
    .filter(([name]) => name !== '//')
    .map(([name, one]) =>
      [code(name), valueOf(one), defaultOf(one, needed.includes(name)), meaningOf(name, one)].join(' | '),
    );
  return [
    '| Field | Value | Default | Meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
};

const meaningOf = (name: string, { description }: Field): string => {
  if (description === undefined) throw new Error(`${name} has no description`);
  return description.replaceAll('|', '\\|');
};

const nested = (fields: Fields): string[] =>
  Object.entries(fields).flatMap(([name, { properties, description }]) =>
    properties === undefined ? [] : [`### \`${name}\`\n\n${description}\n\n${table(properties)}`],
  );

const code = (text: string): string => `\`${text}\``;

const defaultOf = ({ default: value, properties }: Field, isNeeded: boolean): string => {
  if (isNeeded) return '**needed**';
  if (properties !== undefined && value !== undefined) return 'see below';
  return value === undefined ? '–' : code(JSON.stringify(value));
};

const valueOf = (one: Field): string => {
  if (one.enum !== undefined) return one.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (one.properties !== undefined) return 'object';
  if (one.type === 'array')
    return one.items?.properties === undefined ? `list of texts, at most ${one.maxItems}` : 'list of objects';
  if (one.type === 'string') return one.maxLength === undefined ? 'text' : `text, at most ${one.maxLength} characters`;
  if (one.type === 'boolean') return '`true`, `false`';
  return [one.type === 'integer' ? 'whole number' : 'number', ...range(one)].join(', ');
};

const range = ({ minimum, exclusiveMinimum, maximum }: Field): string[] => {
  if (maximum === undefined) return [];
  if (exclusiveMinimum !== undefined) return [`above ${exclusiveMinimum}, to ${maximum}`];
  return minimum === undefined ? [`to ${maximum}`] : [`${minimum} to ${maximum}`];
};
