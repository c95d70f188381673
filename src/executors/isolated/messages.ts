import { z } from 'zod';
import { type ErrorCode, isErrorCode } from '../../errors/error-table.js';
import type { QueuedJob } from '../../queue/queued-job.js';

/** A function that the operator registered: an export of a module, by its absolute path. */
export interface ModuleFunction {
  readonly file: string;
  readonly exportName: string;
}

/** What a runner may run: as `AllowedFunctions`, in a form that crosses to another thread or process. */
export interface AllowedSources {
  readonly roots: readonly string[];
  readonly rowRoots: readonly string[] | undefined;
  readonly functions: Readonly<Record<string, ModuleFunction>>;
}

/** What a runner has to know of its job. */
type OrderedJob = Pick<QueuedJob, 'id' | 'queue' | 'func' | 'kwargs' | 'meta' | 'attempts' | 'maxAttempts'>;

/** One run, as it is handed to a thread or process. */
export interface RunOrder {
  readonly job: OrderedJob;
  readonly allowed: AllowedSources;
}

/** Tells a runner that its function should end, and why. */
export interface AbortOrder {
  readonly kind: 'abort';
  readonly code: ErrorCode;
  readonly detail?: string | undefined;
}

const meta = z.record(z.string(), z.unknown());

const thrownError = z.object({
  traceback: z.string(),
  attempt: z.int(),
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && isErrorCode(code)).exactOptional(),
  message: z.string().exactOptional(),
});

/** How a function ended where it ran. */
const runEnd = z.object({
  kind: z.literal('ended'),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('succeeded') }),
    z.object({ kind: z.literal('interrupted') }),
    z.object({ kind: z.literal('failed'), error: thrownError }),
  ]),
  meta,
});
export type RunEnd = Readonly<z.infer<typeof runEnd>>;

/** What a runner says of its run. A job's own code can say such things in its name: they are checked, and nothing rests on them but this run. */
export const runReport = z.discriminatedUnion('kind', [
  /** The run is in the runner's hands; from now on its time counts. */
  z.object({ kind: z.literal('begun'), threadId: z.int() }),
  /** The function said how far it is. */
  z.object({ kind: z.literal('meta'), meta }),
  runEnd,
]);
export type RunReport = Readonly<z.infer<typeof runReport>>;
