import { vi } from 'vitest';
import { run } from '../../../src/cli/run.js';
import type { Ran } from './spoolgate.js';

/** As a process of its own would say it, without the second that it takes to start one. One at a time. */
export const inProcess = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> => {
  for (const [name, value] of Object.entries({ DATABASE_URL: '', NO_COLOR: '1', ...env })) vi.stubEnv(name, value);
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    }),
  );
  try {
    await run(args);
    return { code: Number(process.exitCode ?? 0), ...said, json: () => JSON.parse(said.stdout) as unknown };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
    process.exitCode = undefined;
  }
};
