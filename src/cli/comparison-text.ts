import type { PrintComparison } from '../simulator/print-comparison.js';
import type { Colours } from './terminal/colour.js';

/** The oracle's verdict for people. */
export const comparisonText = (comparison: PrintComparison, { green, red }: Colours): string => {
  const { exact, matched, lost, doubled, misordered, corrupted, firstDifference } = comparison;
  if (exact) return green('every line once and in order');
  const kinds = [
    [lost, 'lost'],
    [doubled, 'doubled'],
    [misordered, 'out of order'],
    [corrupted, 'damaged or foreign'],
  ] as const;
  const counts = kinds.filter(([count]) => count > 0).map(([count, kind]) => `${count} ${kind}`);
  const first = firstDifference
    ? `; first at command ${firstDifference.command}: ${firstDifference.ran ?? 'nothing'} instead of ${firstDifference.expected ?? 'nothing'}`
    : '';
  return red(`${matched} lines as they should, ${counts.join(', ')}${first}`);
};
