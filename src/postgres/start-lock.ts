import { randomBytes } from 'node:crypto';
import { link, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { sleep } from '../lifecycle/sleep.js';
import { isRunning, lookAtProcess } from './process-table.js';

export interface StartLock {
  release(): Promise<void>;
}

export interface StartLockOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for a holder that lives, ms; for ever by default. */
  readonly waitMs?: number;
}

/** A living holder touches its lock this often, and one that is this much older has no holder, ms. */
const TOUCH_MS = 2_000;
const ABANDONED_MS = 30_000;

const holder = z.object({
  token: z.string(),
  pid: z.number().int().positive(),
  startTicks: z.string().optional(),
  /** Boot and pid namespace: the pid means something only within both. */
  scope: z.string(),
});
type Holder = z.infer<typeof holder>;

/**
 * One process at a time starts, adopts or stops the server of a data directory. The lock is a file with its holder's identity; that of
 * a holder who is gone (killed, or the power was cut) is seen through. Undefined when `waitMs` passed or the signal aborted.
 */
export const acquireStartLock = async (
  file: string,
  options: StartLockOptions = {},
): Promise<StartLock | undefined> => {
  const { signal, waitMs = Number.POSITIVE_INFINITY } = options;
  const deadline = Date.now() + waitMs;
  const me = await identify();
  const draft = `${file}.${me.token}`;
  await writeFile(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    for (;;) {
      if (await tryLink(draft, file)) return hold(file);
      await removeIfAbandoned(file, me.scope);
      if (await tryLink(draft, file)) return hold(file);
      if (signal?.aborted || Date.now() >= deadline) return undefined;
      await sleep(30, signal);
    }
  } finally {
    await rm(draft, { force: true });
  }
};

const hold = (file: string): StartLock => {
  const touch = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  return {
    release: async () => {
      clearInterval(touch);
      await rm(file, { force: true });
    },
  };
};

/** A link appears with its whole content and never replaces another, which a plain write cannot promise. */
const tryLink = (draft: string, file: string): Promise<boolean> =>
  link(draft, file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );

const removeIfAbandoned = async (file: string, scope: string): Promise<void> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined || !(await isAbandoned(file, text, scope))) return;
  // Another waiter may have replaced it since: take it away first, look, and put back what is not the one that was judged.
  const taken = `${file}.${randomBytes(6).toString('hex')}`;
  const moved = await rename(file, taken).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(taken, 'utf8').catch(() => text)) !== text) await tryLink(taken, file);
  await rm(taken, { force: true });
};

const isAbandoned = async (file: string, text: string, scope: string): Promise<boolean> => {
  const found = await stat(file).catch(() => undefined);
  if (!found) return false;
  const isUntouched = Date.now() - found.mtimeMs > ABANDONED_MS;
  const { data } = holder.safeParse(parseJson(text));
  if (data?.scope !== scope) return isUntouched;
  if (!(await isRunning(data.pid, data.startTicks))) return true;
  // Without /proc the pid may by now be another process's.
  return data.startTicks === undefined && isUntouched;
};

const identify = async (): Promise<Holder> => {
  const [boot, pidNamespace, look] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
    lookAtProcess(process.pid),
  ]);
  return {
    token: randomBytes(6).toString('hex'),
    pid: process.pid,
    ...(typeof look === 'object' && { startTicks: look.startTicks }),
    scope: `${boot.trim()} ${pidNamespace}`,
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
