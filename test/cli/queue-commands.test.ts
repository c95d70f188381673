import { exec } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/cli/package-files.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { temporaryFolder } from './support/folder.js';
import { inProcess } from './support/in-process.js';
import { type Ran, cliArguments, cliEnvironment } from './support/spoolgate.js';

const sample = packageFile('gcode-samples/cube20-marlin-absolute-e.gcode');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const run = (args: readonly string[]): Promise<Ran> => inProcess(args, { DATABASE_URL: database.url });

/** The result of a command that goes well. */
const json = async (args: readonly string[]): Promise<unknown> => {
  const ran = await run([...args, '--json']);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return ran.json();
};

// One after the other: each goes on from what the one before it left.
describe('on a database, in turn', () => {
  it('a database without tables says what to do, and migrate does it', async () => {
    const early = await run(['jobs']);
    expect(early.code).toBe(4);
    expect(early.stderr).toMatch(/^error: MIGRATIONS_NEEDED .*\n→ Run `spoolgate migrate`/);
    expect(await json(['migrate'])).toEqual({ changed: true });
    expect(await json(['migrate'])).toEqual({ changed: false });
    expect(await json(['jobs'])).toEqual([]);
  });

  it('a file is spooled and pushed once for each copy', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'devices.json'), '{"printers":[{"id":"sim","simulated":{}}]}');
    await copyFile(sample, join(folder, 'cube.gcode'));
    const args = [
      'push',
      join(folder, 'cube.gcode'),
      '--devices',
      join(folder, 'devices.json'),
      '--printer',
      'sim',
      '--copies',
      '2',
      '--priority',
      '7',
      '--at',
      '+2h',
    ];
    const pushed = (await json(args)) as { ids: string[] };
    expect(pushed).toEqual({
      ids: [expect.any(String), expect.any(String)],
      queue: 'printers',
      kwargs: { file: 'cube.gcode', printer: 'sim' },
    });
    const jobs = (await json(['jobs', '--queue', 'printers', '--state', 'pending,running'])) as Record<
      string,
      unknown
    >[];
    expect(jobs.map(({ id }) => id)).toEqual(pushed.ids.toReversed());
    expect(jobs[0]).toMatchObject({ state: 'pending', priority: 7, maxAttempts: 3, queue: 'printers' });
    const ids = jobs.map(({ shortId }) => String(shortId));
    expect(new Set(ids).size).toBe(2);

    const table = await run(['jobs']);
    expect(table.stdout).not.toContain('\u001b');
    expect(table.stdout.split('\n')[0]).toMatch(/^ID +STATE +QUEUE +WHAT +PRINTER +RUNS +WHEN$/);
    expect(table.stdout).toMatch(/pending +printers +cube\.gcode +sim +0\/3 +in 1 h 59 min/);

    expect((await run(['job', ids[0]!])).stdout).toMatch(/^job +[0-9a-f-]{36}\nstate +pending\n/);
    const [first = '', second = ''] = ids;
    expect(await json(['cancel', first])).toEqual([{ id: pushed.ids[1], cancelled: true }]);
    const again = await run(['cancel', first, second, '--json']);
    expect([again.code, again.json()]).toEqual([
      1,
      [
        { id: pushed.ids[1], cancelled: false },
        { id: pushed.ids[0], cancelled: true },
      ],
    ]);
    const ended = await run(['job', first, '--watch', '--json']);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(ended.json()).toMatchObject({ state: 'failed', errors: [{ code: 'CANCELLED' }] });
    const many = await run(['job', pushed.ids[0]!.slice(0, 3)]);
    expect(many.code).toBe(2);
    expect(many.stderr).toContain('several jobs begin with');
  });

  it('a function is pushed as it is', async () => {
    const args = [
      'push',
      '--func',
      'tasks.mail.send',
      '--kwargs',
      '{"to":"ana"}',
      '--queue',
      'mails',
      '--unique-key',
      'k',
    ];
    const first = await json(args);
    expect(first).toMatchObject({ queue: 'mails', kwargs: { to: 'ana' } });
    // The unfinished job has the key: its id is given again.
    expect(await json(args)).toEqual(first);
  });

  it('queues are declared, paused, resumed and deleted', async () => {
    expect(await json(['queues', 'declare', 'mails', '--concurrency', '5'])).toMatchObject({
      name: 'mails',
      concurrency: 5,
      state: 'active',
    });
    expect(await json(['pause', 'mails', '--until', '+90m'])).toMatchObject({ queue: 'mails', state: 'paused' });
    expect((await run(['queues'])).stdout).toMatch(/mails +paused, goes on in 1 h (29|30) min +ModuleExecutor +5/);
    expect(await json(['resume', 'mails'])).toEqual({ queue: 'mails', state: 'active' });
    expect(await json(['queues', 'delete', 'mails'])).toEqual({ queue: 'mails', deleted: true, purgedJobs: 1 });
    const gone = await run(['pause', 'mails']);
    expect([gone.code, gone.stderr.split('\n')[0]]).toEqual([
      2,
      'error: QUEUE_NOT_FOUND There is no such queue: mails',
    ]);
  });

  it('workers and printers are empty lists', async () => {
    expect(await json(['workers'])).toEqual([]);
    expect(await json(['printers'])).toEqual([]);
    expect((await run(['printers', 'clear', 'nobody'])).code).toBe(2);
  });
});

it('a reader that goes away early is no error', async () => {
  const command = [process.execPath, ...cliArguments, 'devices', 'schema'].map((part) => `'${part}'`).join(' ');
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    exec(`${command} | head -c 10`, { env: cliEnvironment() }, (error, stdout, stderr) =>
      error ? reject(error) : resolve({ stdout, stderr }),
    );
  });
  expect([stdout.length, stderr]).toEqual([10, '']);
});
