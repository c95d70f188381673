import { fileURLToPath } from 'node:url';

/** The path of the module `name` beside the module at `url`: a TypeScript source beside a source, built JavaScript beside what is built. */
export const entryFile = (name: string, url: string): string =>
  fileURLToPath(new URL(`${name}${url.endsWith('.ts') ? '.ts' : '.js'}`, url));
