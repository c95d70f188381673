import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireStartLock } from '../../src/postgres/start-lock.js';
import { temporaryFolder } from '../support/postgres-data-directory.js';

const lockFile = async (): Promise<string> => join(await temporaryFolder(), 'start.lock');

/** What this process would write, changed in some fields. */
const holderText = async (changes: Record<string, unknown>): Promise<string> => {
  const file = await lockFile();
  const lock = await acquireStartLock(file);
  const text = await readFile(file, 'utf8');
  await lock?.release();
  return JSON.stringify({ ...(JSON.parse(text) as object), ...changes });
};

describe('acquireStartLock', () => {
  it('lets one in at a time, and leaves nothing behind', async () => {
    const file = await lockFile();
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await acquireStartLock(file);
        inside += 1;
        most = Math.max(most, inside);
        await new Promise(setImmediate);
        inside -= 1;
        await lock?.release();
      }),
    );
    expect(most).toBe(1);
    expect(await readdir(join(file, '..'))).toEqual([]);
  });

  it('waits no longer than it is told, or until it is aborted', async () => {
    const file = await lockFile();
    const lock = await acquireStartLock(file);
    expect(await acquireStartLock(file, { waitMs: 50 })).toBeUndefined();
    const stopping = new AbortController();
    const waiting = acquireStartLock(file, { signal: stopping.signal });
    stopping.abort();
    expect(await waiting).toBeUndefined();
    expect(existsSync(file)).toBe(true);
    await lock?.release();
  });

  it('respects a holder that lives, however long ago it was heard of', async () => {
    const file = await lockFile();
    await writeFile(file, await holderText({}));
    await utimes(file, 1_700_000_000, 1_700_000_000);
    expect(await acquireStartLock(file, { waitMs: 50 })).toBeUndefined();
  });

  it.each([
    { what: 'whose process has ended', changes: { pid: 2 ** 30 } },
    { what: 'whose pid is a later process', changes: { startTicks: '1' } },
  ])('takes the lock of a holder $what at once', async ({ changes }) => {
    const file = await lockFile();
    await writeFile(file, await holderText(changes));
    const lock = await acquireStartLock(file, { waitMs: 0 });
    expect(lock).toBeDefined();
    await lock?.release();
    expect(await readdir(join(file, '..'))).toEqual([]);
  });

  it.each([
    { what: 'of another boot or container', text: () => holderText({ scope: 'another' }) },
    { what: 'that cannot be read', text: () => Promise.resolve('') },
  ])('takes a lock $what once nobody has touched it for a while', async ({ text }) => {
    const file = await lockFile();
    await writeFile(file, await text());
    expect(await acquireStartLock(file, { waitMs: 50 })).toBeUndefined();
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const lock = await acquireStartLock(file, { waitMs: 0 });
    expect(lock).toBeDefined();
    await lock?.release();
  });

  it('is free again when its holder was killed', async () => {
    const file = await lockFile();
    const source = new URL('../../src/postgres/start-lock.ts', import.meta.url).href;
    const script = `import { acquireStartLock } from ${JSON.stringify(source)};
      await acquireStartLock(${JSON.stringify(file)});
      console.log('held');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(await acquireStartLock(file, { waitMs: 50 })).toBeUndefined();
    child.kill('SIGKILL');
    await exited;
    const lock = await acquireStartLock(file, { waitMs: 1000 });
    expect(lock).toBeDefined();
    await lock?.release();
  });
});
