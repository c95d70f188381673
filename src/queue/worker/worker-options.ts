import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { EventBus } from '../../events/event-bus.js';
import { faultText, storedText } from '../field.js';

export interface WorkerOptions {
  /** Unique among all workers; a random UUID by default. A fixed one puts what a dead process left running back in line at its restart. */
  readonly workerId?: string;
  /** In addition to those that every worker has. */
  readonly tags?: readonly string[];
  /** Where to say what happens; a bus of its own by default. */
  readonly events?: EventBus;
  /** Ms between two heartbeats; 30,000 by default, as Chancy has it. */
  readonly heartbeatIntervalMs?: number;
  /** How long the worker counts as alive after a heartbeat, ms; 90,000 by default. Others may recover its jobs after that. */
  readonly heartbeatTimeoutMs?: number;
  /** Ms between two readings of the queues, when nobody notifies; 10,000 by default. */
  readonly queuePollMs?: number;
  /** Ms between two looks whether running jobs are still ours, when nobody notifies; 5000 by default. */
  readonly ownershipPollMs?: number;
  /** How long running jobs may take to come to their end by themselves when the worker stops, ms; 30,000 by default. */
  readonly shutdownTimeoutMs?: number;
  /** How long they may take after that, once they were told to end, ms; 5000 by default. */
  readonly cancelTimeoutMs?: number;
  /** How often the LISTEN connection is tried, ms; 15,000 by default. */
  readonly probeIntervalMs?: number;
  /** How long its answer may take, ms; 10,000 by default. */
  readonly probeTimeoutMs?: number;
}

const ms = (byDefault: number) => z.int().positive().default(byDefault);

const schema = z.strictObject({
  workerId: storedText({ least: 1 }).default(() => randomUUID()),
  tags: z
    .array(storedText({ least: 1 }))
    .readonly()
    .default([]),
  events: z.instanceof(EventBus).default(() => new EventBus()),
  heartbeatIntervalMs: ms(30_000),
  heartbeatTimeoutMs: ms(90_000),
  queuePollMs: ms(10_000),
  ownershipPollMs: ms(5000),
  shutdownTimeoutMs: z.int().nonnegative().default(30_000),
  cancelTimeoutMs: z.int().nonnegative().default(5000),
  probeIntervalMs: ms(15_000),
  probeTimeoutMs: ms(10_000),
});

/** All options with their defaults. Throws `APP_INVALID`, naming the option. */
export const workerOptions = (options: WorkerOptions): z.infer<typeof schema> => {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw new SpoolgateError('APP_INVALID', { detail: `worker: ${faultText(parsed.error)}` });
  const { data } = parsed;
  if (data.heartbeatTimeoutMs <= data.heartbeatIntervalMs) {
    throw new SpoolgateError('APP_INVALID', {
      detail: 'worker: heartbeatTimeoutMs: must be longer than heartbeatIntervalMs',
    });
  }
  return data;
};
