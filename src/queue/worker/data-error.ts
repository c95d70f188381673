import { isConnectionError } from '../database/database.js';

/**
 * Classes of SQLSTATE that blame what was written: cardinality, data, constraint, check option, too complex or too long, unsupported,
 * and what a trigger raised.
 */
const dataClasses = new Set(['21', '22', '23', '44', '54', '0A', 'P0']);

/** Whether an error is the fault of the values, so that trying again with the same ones cannot help. */
export const isDataError = (error: unknown): boolean => {
  if (isConnectionError(error)) return false;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? dataClasses.has(code.slice(0, 2)) : true;
};
