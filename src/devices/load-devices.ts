import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import { type ConfigProblem, configProblems } from './config-problem.js';
import { defaultCancelScript, defaultPauseScript } from './default-scripts.js';
import type { deviceSchema } from './device-schema.js';
import { devicesSchema } from './devices-schema.js';
import { repeatedClaims } from './repeated-claims.js';
import { findJsonFault, placeOf } from './json-syntax.js';

type Written = z.output<typeof deviceSchema>;

/** One printer of devices.json with every default filled in. Fields are those of the file; lengths mm, times s, temperatures degrees C. */
export interface Device extends Omit<Written, '//' | 'name' | 'path' | 'cancel_script' | 'pause_script' | 'clear_bed'> {
  readonly name: string;
  /** The port; `simulated:ID` for a simulated printer, whose real path is known once it runs. */
  readonly path: string;
  readonly cancel_script: readonly string[];
  readonly pause_script: readonly string[];
  readonly clear_bed: 'by_hand' | 'by_itself';
}

export interface DevicesConfig {
  /** The file that was read, absolute. */
  readonly file: string;
  readonly gateway: { readonly name: string | undefined; readonly queue: string };
  /** Absolute. */
  readonly spool_dir: string;
  readonly printers: readonly Device[];
}

/**
 * Reads devices.json. Throws CONFIG_NOT_FOUND, or CONFIG_INVALID whose message lists every problem with file, field and remedy, and whose
 * `data.problems` has them as `ConfigProblem[]`.
 */
export const loadDevices = async (path: string): Promise<DevicesConfig> => {
  const file = resolve(path);
  return parseDevices(await readText(file), file);
};

/** The same from the file's text; `file` is for messages and for relative paths. */
export const parseDevices = (source: string, file: string): DevicesConfig => {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const fault = findJsonFault(text);
  if (fault) {
    const { line, column } = placeOf(text, fault.offset);
    throw invalid(file, [
      { field: `line ${line}, column ${column}`, problem: fault.what, remedy: 'The file must be JSON.' },
    ]);
  }
  const input: unknown = JSON.parse(text);
  const parsed = devicesSchema.safeParse(input);
  const repeated = repeatedClaims(input);
  if (!parsed.success) throw invalid(file, [...configProblems(parsed.error, input), ...repeated]);
  if (repeated.length > 0) throw invalid(file, repeated);
  const { gateway, spool_dir, printers } = parsed.data;
  return {
    file,
    gateway: { name: gateway.name, queue: gateway.queue },
    spool_dir: resolve(dirname(file), spool_dir),
    printers: printers.map(completed),
  };
};

const completed = (written: Written): Device => ({
  ...written,
  name: written.name ?? written.id,
  path: written.path ?? `simulated:${written.id}`,
  cancel_script: written.cancel_script ?? defaultCancelScript(written.park),
  pause_script: written.pause_script ?? defaultPauseScript(written.park),
  clear_bed: written.clear_bed ?? (written.simulated ? 'by_itself' : 'by_hand'),
});

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing) throw new SpoolgateError('CONFIG_NOT_FOUND', { detail: file, data: { file }, cause });
    throw invalid(file, [{ field: '', problem: errorText(cause), remedy: 'This user must be able to read the file.' }]);
  }
};

const invalid = (file: string, problems: readonly ConfigProblem[]): SpoolgateError => {
  const lines = problems.map(
    ({ field, problem, remedy }) => `${field === '' ? '' : `${field}: `}${problem}. ${remedy}`,
  );
  const list = lines.length === 1 ? ` ${lines.join('')}` : lines.map((line) => `\n  - ${line}`).join('');
  return new SpoolgateError('CONFIG_INVALID', { detail: `${file}:${list}`, data: { file, problems } });
};
