import { errorText } from '../errors/spoolgate-error.js';
import { sleep } from '../lifecycle/sleep.js';
import { Keeper } from './keeper.js';

export interface AwaitReadyOptions {
  /** False once the server has ended, or is no longer there. */
  isAlive(): boolean | Promise<boolean>;
  readonly signal: AbortSignal;
  /** Without any answer for so long it is given up, ms. */
  readonly silenceMs: number;
}

/** `cannot_connect_now`: the server is there and starts, recovers after a crash, or ends. */
const STARTING = '57P03';

/**
 * Connects as soon as the server takes connections; its log is not read, as its words change with language and version. While it
 * recovers after a power cut it says so, and is waited for however long that takes. Undefined when it is not alive any more.
 * @throws Error when nothing answers within `silenceMs`, or the signal aborts.
 */
export const awaitReady = async (
  socketDir: string,
  port: number,
  options: AwaitReadyOptions,
): Promise<Keeper | undefined> => {
  let heardAt = Date.now();
  for (;;) {
    try {
      return await Keeper.connect(socketDir, port);
    } catch (error) {
      if ((error as { code?: string }).code === STARTING) heardAt = Date.now();
      if (!(await options.isAlive())) return undefined;
      if (options.signal.aborted) throw new Error('stopped while it was starting', { cause: error });
      const silentMs = Date.now() - heardAt;
      if (silentMs > options.silenceMs)
        throw new Error(`no answer for ${Math.round(silentMs / 1000)} s: ${errorText(error)}`, { cause: error });
    }
    await sleep(25, options.signal);
  }
};
