import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isRunning } from './process-id.js';

const anyRuns = async (pids: readonly number[]): Promise<boolean> =>
  (await Promise.all(pids.map(isRunning))).includes(true);

it.runIf(process.platform === 'linux')(
  'leaves no process when the worker is killed, whatever its jobs do, nor what they have started',
  async () => {
    const main = fileURLToPath(new URL('orphan-main.ts', import.meta.url));
    const parent = spawn(process.execPath, ['--import', 'tsx', main], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
      const pids = JSON.parse(line) as number[];
      expect(pids).toHaveLength(5);
      expect((await Promise.all(pids.map(isRunning))).every(Boolean)).toBe(true);
      parent.kill('SIGKILL');
      await expect.poll(() => anyRuns(pids), { timeout: 10_000 }).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
  },
);
