import { type ErrorCode, errorTable } from '../errors/error-table.js';

const least = [20, 19] as const;
const code = 'NODE_TOO_OLD' satisfies ErrorCode;

/** What to say to a Node.js that is too old to run us; undefined when it is new enough. `version` is such as `20.19.0`. */
export const oldNodeText = (version: string): string | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return undefined;
  const { summary, remedy } = errorTable[code];
  return `error: ${code} ${summary}: it is ${version}\n→ ${remedy}\n`;
};
