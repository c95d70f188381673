/** Node options for threads and processes that run from the sources. */
export const sourceOptions = { execArgv: ['--import', new URL('typescript-loader.mjs', import.meta.url).href] };
