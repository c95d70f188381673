import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is removed at the test's end. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'spoolgate-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
