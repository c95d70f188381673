export interface BackoffOptions {
  /** First delay, ms. */
  readonly initialMs: number;
  /** No delay is longer, ms. */
  readonly limitMs: number;
  /** Each delay is this much longer than the last; 2 by default. */
  readonly factor?: number;
  /** Share of the delay that chance may take away, 0 to 1; 0.2 by default, so that many waiters do not wake together. */
  readonly jitter?: number;
  readonly random?: () => number;
}

/** Delay in ms before try `attempt` (0 is the first retry). */
export const backoffMs = (attempt: number, options: BackoffOptions): number => {
  const { initialMs, limitMs, factor = 2, jitter = 0.2, random = Math.random } = options;
  const full = Math.min(limitMs, initialMs * factor ** attempt);
  return full * (1 - jitter * random());
};
