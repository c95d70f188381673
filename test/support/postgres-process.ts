import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { EmbeddedPostgresOptions } from '../../src/postgres/embedded-postgres.js';

/** What the other process says, one JSON object a line: each event, then `ready` or `error`. */
interface Said {
  readonly event: string;
  readonly fields: Record<string, unknown>;
}

export interface PostgresProcess {
  readonly child: ChildProcess;
  readonly said: Said[];
  /** Resolves with the fields of `ready`; rejects when the start failed. */
  readonly ready: Promise<{ pid: number; isAdopted: boolean; url: string }>;
  /** Stops the service in the other process and waits for its exit. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An EmbeddedPostgres in a process of its own, run as another user where one is given. */
export const spawnPostgresProcess = (
  options: Pick<EmbeddedPostgresOptions, 'dataDir' | 'binaries' | 'restart'>,
  user?: { uid: number; gid: number },
): PostgresProcess => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/support/postgres-process-main.ts', JSON.stringify(options)],
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], ...user },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const said: Said[] = [];
  const ready = new Promise<{ pid: number; isAdopted: boolean; url: string }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const one = JSON.parse(line) as Said;
      said.push(one);
      if (one.event === 'ready') resolve(one.fields as { pid: number; isAdopted: boolean; url: string });
      if (one.event === 'error') reject(new Error(String(one.fields['message'])));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code} before its Postgres was ready`)));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    child,
    said,
    ready,
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
};
