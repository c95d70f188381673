import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';

/** The TCP user's password, made at the first call and kept in a file that only this user may read. */
export const tcpPassword = async (file: string): Promise<string> => {
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (kept !== '') {
    await chmod(file, 0o600);
    return kept;
  }
  const made = randomBytes(24).toString('base64url');
  await writeFile(file, `${made}\n`, { mode: 0o600, flush: true });
  return made;
};
