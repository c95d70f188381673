import { z } from 'zod';
import { faultText } from './field.js';
import { Job } from './job.js';
import type { Limit } from './limit.js';
import type { JsonObject } from './plain-json.js';

/**
 * A job as JSON, in the form that Chancy keeps in other rows (wire contract, section 9): workflow steps, cron entries. All nine keys are
 * there, as Python raises without one of them. `s` is the due time in Unix seconds.
 */
export interface PackedJob {
  readonly f: string;
  readonly k: JsonObject;
  readonly p: number;
  readonly a: number;
  readonly s: number;
  readonly l: readonly Limit[];
  readonly u: string | null;
  readonly q: string;
  readonly m: JsonObject;
}

/** Packs a job; one that is due "now" is due at `now`. */
export const packJob = (given: Job, now: () => number = Date.now): PackedJob => {
  const job = given instanceof Job ? given : new Job(given);
  return {
    f: job.func,
    k: job.kwargs,
    p: job.priority,
    a: job.maxAttempts,
    s: (job.scheduledAt?.getTime() ?? now()) / 1000,
    l: job.limits,
    u: job.uniqueKey,
    q: job.queue,
    m: job.meta,
  };
};

export type UnpackedJob = { readonly ok: true; readonly job: Job } | { readonly ok: false; readonly reason: string };

const objectOrNull = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((value) => value ?? {});

const schema = z.object({
  f: z.string(),
  k: objectOrNull,
  p: z.number(),
  a: z.number(),
  s: z.number(),
  l: z
    .array(z.object({ t: z.enum(['memory', 'time']), v: z.number().positive() }))
    .nullable()
    .transform((limits) => limits ?? []),
  u: z.string().nullable(),
  q: z.string(),
  m: objectOrNull,
});

/** Reads what any program may have packed; never throws. A job that could not be pushed is not `ok`, and `reason` names the key. */
export const unpackJob = (packed: unknown): UnpackedJob => {
  const parsed = schema.safeParse(packed);
  if (!parsed.success) return { ok: false, reason: faultText(parsed.error) };
  const { f, k, p, a, s, l, u, q, m } = parsed.data;
  try {
    const job = new Job({
      func: f,
      kwargs: k,
      priority: p,
      maxAttempts: a,
      scheduledAt: new Date(s * 1000),
      limits: l.map(({ t, v }) => ({ t, v: Math.ceil(v) })),
      uniqueKey: u,
      queue: q,
      meta: m,
    });
    return { ok: true, job };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
};
