/** A limit on one run of a job, in Chancy's own form: `memory` in bytes, `time` in seconds. No other kind exists on the wire. */
export interface Limit {
  readonly t: 'memory' | 'time';
  readonly v: number;
}

export const Limit = {
  /** At most this many bytes of memory. Process executors only. */
  memory: (bytes: number): Limit => ({ t: 'memory', v: Math.trunc(bytes) }),
  /** At most this many whole seconds of run time. */
  time: (seconds: number): Limit => ({ t: 'time', v: Math.ceil(seconds) }),
} as const;
