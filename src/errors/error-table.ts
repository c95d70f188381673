import type { ErrorEntry } from './error-entry.js';
import { printingErrors } from './table/printing.js';
import { queueErrors } from './table/queue.js';
import { serviceErrors } from './table/service.js';

/**
 * Every error that Spoolgate names, by its stable code. Codes are a public API: they stand in job rows, logs, metrics and the README.
 * A test checks that each is documented.
 */
export const errorTable = { ...printingErrors, ...queueErrors, ...serviceErrors } as const;

export type ErrorCode = keyof typeof errorTable;

export const errorEntry = (code: ErrorCode): ErrorEntry => errorTable[code];

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);
