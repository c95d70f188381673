import type { ConfigProblem } from './config-problem.js';

/**
 * Printers that claim the id or port of an earlier one. Looked for in the file as it was written, so that it is told together with every
 * other problem and not only once those are solved.
 */
export const repeatedClaims = (input: unknown): ConfigProblem[] => {
  const printers = typeof input === 'object' && input !== null && 'printers' in input ? input.printers : undefined;
  if (!Array.isArray(printers)) return [];
  const problems: ConfigProblem[] = [];
  for (const field of ['id', 'path']) {
    const first = new Map<string, number>();
    for (const [index, printer] of (printers as unknown[]).entries()) {
      const value: unknown = typeof printer === 'object' && printer !== null ? Reflect.get(printer, field) : undefined;
      if (typeof value !== 'string') continue;
      const earlier = first.get(value);
      if (earlier === undefined) first.set(value, index);
      else
        problems.push({
          field: `printers[${index}].${field}`,
          problem: `${JSON.stringify(value)} is also that of printers[${earlier}]`,
          remedy: `Each printer has its own ${field}.`,
        });
    }
  }
  return problems;
};
