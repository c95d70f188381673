import { createHash } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ModuleExecutor } from '../../src/executors/module/module-executor.js';
import type { Executor } from '../../src/queue/executor.js';
import { claimedJob, recordingContext } from '../contracts/executor-jobs.js';
import { taskFolder } from '../executors/module/task-folder.js';

const examples = ModuleExecutor.with({ roots: [new URL('../../examples/', import.meta.url)], graceMs: 5000 });

it('tasks.checksum.sha256 reports progress and leaves the checksum in meta', async () => {
  const text = 'G1 X10\n'.repeat(50_000);
  const folder = await taskFolder({ 'print.gcode': text });
  try {
    const context = recordingContext();
    const kwargs = { file: join(folder.path, 'print.gcode') };
    const job = context.queue.claim(claimedJob({ func: 'tasks.checksum.sha256', kwargs }));
    const executor: Executor = new examples(context);
    await executor.push(job, { limit: 1 });
    expect(context.queue.of(job.id, 'meta')[0]?.job.meta).toMatchObject({
      progress: { fraction: expect.any(Number) as number },
    });
    expect(context.queue.of(job.id, 'update')[0]?.job).toMatchObject({
      state: 'succeeded',
      meta: {
        progress: { fraction: 1, message: '350000 of 350000 bytes' },
        sha256: createHash('sha256').update(text).digest('hex'),
      },
    });
  } finally {
    await folder.remove();
  }
});

it('tasks.checksum.sha256 ends when it is cancelled', async () => {
  const folder = await taskFolder({ 'huge.gcode': '' });
  try {
    const file = join(folder.path, 'huge.gcode');
    // A hole: as long to read as a real file, and no disk is filled.
    await truncate(file, 64 * 2 ** 30);
    const context = recordingContext();
    const job = context.queue.claim(claimedJob({ func: 'tasks.checksum.sha256', kwargs: { file }, maxAttempts: 3 }));
    const executor: Executor = new examples(context);
    const pushed = executor.push(job, { limit: 1 });
    await context.queue.until(() => context.queue.of(job.id, 'meta').length > 0);
    expect(executor.cancel(job.id)).toBe(true);
    await pushed;
    expect(context.queue.of(job.id, 'update')[0]?.job).toMatchObject({
      state: 'failed',
      errors: [{ code: 'JOB_CANCELLED', message: 'JOB_CANCELLED: The job was cancelled while it ran' }],
    });
  } finally {
    await folder.remove();
  }
});
