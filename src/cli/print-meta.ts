import { z } from 'zod';
import type { QueuedJob } from '../queue/queued-job.js';

const reading = z.object({ current: z.number(), target: z.number().optional().catch(undefined) });

/** `meta.print` as the executor writes it; whatever another program put there instead is left out. */
const schema = z
  .object({
    printer: z.string().optional().catch(undefined),
    phase: z.string().optional().catch(undefined),
    percent: z.number().optional().catch(undefined),
    line: z.number().optional().catch(undefined),
    lines: z.number().optional().catch(undefined),
    acknowledged: z.number().optional().catch(undefined),
    commands: z.number().optional().catch(undefined),
    sent: z.number().optional().catch(undefined),
    resent: z.number().optional().catch(undefined),
    resendRequests: z.number().optional().catch(undefined),
    oksLost: z.number().optional().catch(undefined),
    wallMs: z.number().optional().catch(undefined),
    layer: z.number().optional().catch(undefined),
    layers: z.number().optional().catch(undefined),
    z: z.number().optional().catch(undefined),
    elapsedMs: z.number().optional().catch(undefined),
    etaMs: z.number().optional().catch(undefined),
    extent: z.string().optional().catch(undefined),
    temperatures: z.record(z.string(), reading).optional().catch(undefined),
    error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).optional().catch(undefined),
  })
  .catch({});

export type PrintMeta = z.output<typeof schema>;

/** What the job's meta says of its print; empty for a job that is none or has not begun. */
export const printMetaOf = ({ meta }: Pick<QueuedJob, 'meta'>): PrintMeta => schema.parse(meta['print'] ?? {});
