import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { EmbeddedPostgres } from '../../../../src/postgres/embedded-postgres.js';
import { Job } from '../../../../src/queue/job.js';
import { Leadership } from '../../../../src/queue/plugins/leadership/leadership.js';
import { Recovery } from '../../../../src/queue/plugins/recovery/recovery.js';
import { acts, bench, latch } from '../../worker/support/bench.js';
import { looksOf } from '../support/looks.js';
import { jobRow } from '../support/rows.js';

it('W21: a server that crashes and empties its tables, but starts no later for it, starts no job twice', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'spoolgate-crashed-'));
  const server = new EmbeddedPostgres({ dataDir, exclusive: true });
  onTestFinished(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  await server.start();
  const times = { heartbeatTimeoutMs: 1000 };
  const plugins = [new Leadership({ pollIntervalMs: 200 }), new Recovery({ ...times, pollIntervalMs: 50 })];
  const b = await bench({ url: server.connectionString, plugins });
  const { opened, open } = latch();
  let runs = 0;
  acts.set('lives', async () => {
    runs += 1;
    await opened;
  });
  const id = String(await b.chancy.push('q', new Job({ func: 'lives' })));
  const worker = await b.started({ workerId: 'me', heartbeatIntervalMs: 300, ...times });
  await b.record.until('job.claimed');
  await b.record.until('leadership.gained');
  const startedAt = await b.sql('SELECT pg_postmaster_start_time()::text AS at');
  const announce = (): Promise<unknown> =>
    b.sql(
      `INSERT INTO chancy_workers (worker_id, tags, queues, expires_at) VALUES ('python', '{}', '{}', now() + interval '1 h')`,
    );
  await announce();
  const theirs = await jobRow(b, { state: "'running'", taken_by: "'python'" });
  const { looked, count } = looksOf(b);
  const client = await b.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const looks = count();
  // One session that dies like this brings the server down to recovery, without a new start of it.
  process.kill(rows[0]!.pid, 'SIGKILL');
  await b.record.until('worker.database_back');
  // A worker of Python's announces itself only every now and then; this one lives.
  expect(await b.sql(`SELECT FROM chancy_workers WHERE worker_id = 'python'`)).toEqual([]);
  await looked(looks + 3);
  await announce();
  expect(await b.sql('SELECT pg_postmaster_start_time()::text AS at')).toEqual(startedAt);
  const lost = await jobRow(b, { state: "'running'", taken_by: "'dead'", scheduled_at: "now() + interval '1 h'" });
  const { recovered } = await b.record.until('recovery.recovered');
  expect(recovered).toEqual([lost]);
  expect([await b.state(id), await b.state(theirs)]).toEqual(['running', 'running']);
  open();
  await b.record.until('job.finished');
  await worker.stop();
  expect(runs).toBe(1);
  expect(await b.sql('SELECT state, attempts, max_attempts FROM chancy_jobs WHERE id = $1', [id])).toEqual([
    { state: 'succeeded', attempts: 1, max_attempts: 1 },
  ]);
});
