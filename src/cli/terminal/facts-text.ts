import type { Colours } from './colour.js';

/** Names and values under each other, aligned; a value that is undefined or empty is left out. */
export const factsText = (
  facts: readonly (readonly [name: string, value: string | undefined])[],
  colours: Colours,
): string => {
  const shown = facts.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value = '']) => `${colours.dim(name.padEnd(width))}  ${value}`).join('\n');
};
