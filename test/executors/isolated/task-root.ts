import { fileURLToPath } from 'node:url';

/** The folder of `run-tasks`, for `roots`. */
export const taskRoot = fileURLToPath(new URL('.', import.meta.url));
