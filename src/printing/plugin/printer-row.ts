import { z } from 'zod';
import { rowTime } from '../../queue/row-time.js';

const offlineAfterMs = 30_000;

const reading = z.object({ current: z.number(), target: z.number().optional() });

const progress = z.object({
  phase: z.string(),
  line: z.number(),
  lines: z.number().optional(),
  layer: z.number(),
  layers: z.number().optional(),
  z: z.number().optional(),
  percent: z.number(),
  elapsedMs: z.number(),
  etaMs: z.number().optional(),
});

const setAside = z.object({ code: z.string(), reason: z.string(), since: z.coerce.date() });

const unreadable = () => ({ code: 'UNKNOWN', reason: 'the stored reason cannot be read', since: new Date(0) });

const schema = z.object({
  gateway: z.string(),
  printer_id: z.string(),
  name: z.string(),
  state: z.string(),
  bed_occupied: z.boolean(),
  bed_since: rowTime.nullable(),
  bed_job_id: z.string().nullable(),
  // What other programs may have made of the JSON columns: a printer that cannot be read must not be lost, nor be taken for a good one.
  set_aside: setAside.nullable().catch(unreadable),
  firmware: z.string().nullable(),
  temperatures: z.record(z.string(), reading).catch({}),
  job_id: z.string().nullable(),
  progress: progress.nullable().catch(null),
  error: z.object({ code: z.string(), message: z.string() }).nullable().catch(null),
  updated_at: rowTime,
  age_ms: z.coerce.number(),
});

type StoredProgress = Readonly<z.infer<typeof progress>>;

/** A printer as its gateway last wrote it down. Temperatures in °C by the firmware's letters, times in ms, heights in mm. */
export interface StoredPrinter {
  readonly gateway: string;
  readonly id: string;
  readonly name: string;
  /** A `PrinterState`, `starting`, or `disabled` in devices.json; what it was last where the gateway is offline. */
  readonly state: string;
  /** Whether the gateway has written during the last 30 s and was not stopped; if not, all else may be out of date. */
  readonly isOnline: boolean;
  /** True from the first extruded line until somebody cleared the bed. */
  readonly bedOccupied: boolean;
  readonly bedSince: Date | null;
  /** The job whose part lies there, where it is known. */
  readonly bedJobId: string | null;
  readonly setAside: { readonly code: string; readonly reason: string; readonly since: Date } | null;
  /** What the firmware calls itself. */
  readonly firmware: string | null;
  readonly temperatures: Readonly<Record<string, { readonly current: number; readonly target?: number | undefined }>>;
  /** The job that is printed now. */
  readonly jobId: string | null;
  readonly progress: StoredProgress | null;
  /** Why the printer cannot be reached. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly updatedAt: Date;
  /** How long ago that was, by the database's clock. */
  readonly ageMs: number;
}

/** Reads a row; undefined where another program has written what cannot be read. */
export const parsePrinterRow = (row: unknown): StoredPrinter | undefined => {
  const parsed = schema.safeParse(row);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  return {
    gateway: data.gateway,
    id: data.printer_id,
    name: data.name,
    state: data.state,
    isOnline: data.age_ms <= offlineAfterMs && data.state !== 'stopped',
    bedOccupied: data.bed_occupied,
    bedSince: data.bed_since,
    bedJobId: data.bed_job_id,
    setAside: data.set_aside,
    firmware: data.firmware,
    temperatures: data.temperatures,
    jobId: data.job_id,
    progress: data.progress,
    error: data.error,
    updatedAt: data.updated_at,
    ageMs: data.age_ms,
  };
};
