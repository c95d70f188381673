import { z } from 'zod';

/** How long a failed run waits for the next one, in seconds; Chancy's names and defaults (wire contract, section 10). */
export interface RetrySettings {
  /** The first wait; 1. */
  readonly backoff: number;
  /** Each wait is so many times the one before; 2. */
  readonly backoffFactor: number;
  /** No wait is longer, but for the jitter; 300. */
  readonly backoffLimit: number;
  /** A random part from the first to the second is added to each wait; 1 to 5. */
  readonly backoffJitter: readonly [number, number];
}

export const defaultRetrySettings: RetrySettings = {
  backoff: 1,
  backoffFactor: 2,
  backoffLimit: 300,
  backoffJitter: [1, 5],
};

const seconds = z.number().nonnegative();

/** A field that cannot be used is as good as absent. */
const stored = z
  .object({
    backoff: seconds.optional().catch(undefined),
    backoff_factor: seconds.optional().catch(undefined),
    backoff_limit: seconds.optional().catch(undefined),
    backoff_jitter: z.tuple([seconds, seconds]).optional().catch(undefined),
  })
  .catch({});

/** What `meta.retry_settings` says, whoever wrote it. */
export const storedRetrySettings = (meta: Readonly<Record<string, unknown>>): Partial<RetrySettings> => {
  const { backoff, backoff_factor, backoff_limit, backoff_jitter } = stored.parse(meta['retry_settings'] ?? {});
  return {
    ...(backoff !== undefined && { backoff }),
    ...(backoff_factor !== undefined && { backoffFactor: backoff_factor }),
    ...(backoff_limit !== undefined && { backoffLimit: backoff_limit }),
    ...(backoff_jitter !== undefined && { backoffJitter: backoff_jitter }),
  };
};

/** Seconds to wait after run number `attempts`, which is 1 for the first; the jitter comes on top of the limit, as in Chancy. */
export const retryDelay = (settings: RetrySettings, attempts: number, random: () => number): number => {
  const { backoff, backoffFactor, backoffLimit, backoffJitter } = settings;
  const [least, most] = backoffJitter;
  // 0 times infinity is no number.
  const grown = backoff === 0 ? 0 : backoff * backoffFactor ** Math.max(0, attempts - 1);
  return Math.min(grown, backoffLimit) + least + (most - least) * random();
};
