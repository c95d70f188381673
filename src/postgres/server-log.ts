import { copyFile, open, stat, truncate } from 'node:fs/promises';

/** With the one older file that is kept, the log never takes more than twice this, bytes. */
const LIMIT = 8 * 1024 * 1024;

/**
 * Keeps the log bounded: a full one becomes `FILE.1`. It is copied and cut, not renamed, as the server holds it open (for appending, so
 * it goes on at the new end).
 */
export const boundServerLog = async (file: string, limit = LIMIT): Promise<void> => {
  const size = await logSize(file);
  if (size <= limit) return;
  await copyFile(file, `${file}.1`);
  await truncate(file);
};

/** In bytes; 0 when there is none. */
export const logSize = (file: string): Promise<number> =>
  stat(file).then(
    (found) => found.size,
    () => 0,
  );

/** The last lines that were written after `offset`. */
export const lastLogLines = async (file: string, offset: number, count = 6): Promise<string[]> => {
  const size = await logSize(file);
  const from = Math.max(offset, size - 16_384);
  if (size <= from) return [];
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } finally {
    await handle.close();
  }
};
