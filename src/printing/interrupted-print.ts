import { z } from 'zod';
import type { QueuedJob } from '../queue/queued-job.js';

/** What a run leaves in `meta.print` once it may have extruded. Other programs write meta too: anything else is no such mark. */
const mark = z.looseObject({ attempt: z.int(), extent: z.literal('extruded') });

/**
 * Whether this job was claimed before, had begun to extrude in that run, and the run never came to its end: its gateway died, and somebody
 * put the job back in line. It must not be started again by itself.
 */
export const wasInterrupted = ({ meta, attempts }: QueuedJob): boolean => {
  const parsed = mark.safeParse(meta['print']);
  return parsed.success && parsed.data.attempt === attempts + 1;
};
