import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endPostmaster } from '../../src/postgres/end-postmaster.js';
import { isRunning } from '../../src/postgres/process-table.js';

/** A shell that shrugs these signals off. */
const stubborn = async (ignored: string): Promise<number> => {
  const trap = ignored === '' ? '' : `trap '' ${ignored}; `;
  const child = spawn('sh', ['-c', `${trap}echo ready; while :; do sleep 0.02; done`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
};

describe('endPostmaster', () => {
  it.each([
    { ignored: '', how: 'fast' },
    { ignored: 'INT', how: 'immediate' },
    { ignored: 'INT QUIT', how: 'killed' },
  ])('ends a server that ignores "$ignored" the way "$how"', async ({ ignored, how }) => {
    const pid = await stubborn(ignored);
    expect(await endPostmaster({ pid, startTicks: undefined }, { fastMs: 300, immediateMs: 300 })).toBe(how);
    expect(await isRunning(pid)).toBe(false);
  });

  it('has nothing to do where the process is another one by now', async () => {
    const pid = await stubborn('INT QUIT');
    expect(await endPostmaster({ pid, startTicks: '1' }, { fastMs: 1_000, immediateMs: 1_000 })).toBe('fast');
    expect(await isRunning(pid)).toBe(true);
  });
});
