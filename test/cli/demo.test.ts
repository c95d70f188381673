import { execFileSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../../src/cli/package-files.js';
import { temporaryFolder } from './support/folder.js';
import { Running, spoolgate } from './support/spoolgate.js';
import { TerminalRun } from './support/terminal.js';

const sample = packageFile('gcode-samples/cube20-marlin-absolute-e.gcode');

/** A folder for temporary files that the database's unprivileged user may pass. */
const openFolder = async (): Promise<string> => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  return folder;
};

/** What a demo has left in its folder for temporary files, and processes that know that folder. */
const leftIn = async (folder: string): Promise<readonly string[]> => {
  const files = (await readdir(folder)).filter((name) => name.startsWith('spoolgate'));
  const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return [...files, ...processes.filter((line) => line.includes(folder))];
};

describe('the demo', () => {
  it(
    'prints a file through noise and loss, each line once and in order, and removes everything',
    { timeout: 60_000 },
    async () => {
      const TMPDIR = await openFolder();
      // What the developer has set must not lead it to another database.
      const env = { TMPDIR, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere' };
      const ran = await spoolgate(['demo', '--speed', '2000', '--faults', '--file', sample, '--json'], { env });
      expect(ran.code, ran.stderr).toBe(0);
      expect(ran.json()).toMatchObject({
        ok: true,
        job: { state: 'succeeded', attempts: 1 },
        comparison: { exact: true, lost: 0, doubled: 0, misordered: 0, corrupted: 0 },
        figures: { oksLost: expect.any(Number) as number },
      });
      const { figures, faults } = ran.json() as { figures: Record<string, number>; faults: Record<string, number> };
      expect(figures['acknowledged']).toBe(figures['sent']);
      expect(figures['sent']).toBeGreaterThan(1500);
      expect(figures['resent']).toBeGreaterThan(5);
      expect(Object.values(faults).reduce((sum, times) => sum + times)).toBeGreaterThan(10);
      expect(await leftIn(TMPDIR)).toEqual([]);
    },
  );

  it('--keep leaves it running, with commands that work', { timeout: 60_000 }, async () => {
    const TMPDIR = await openFolder();
    const demo = new Running(['demo', '--speed', '10000', '--file', sample, '--keep'], { env: { TMPDIR } });
    await demo.says('psql');
    expect(demo.stdout).toContain('every line once and in order');
    expect(demo.stdout).not.toContain('\u001b');
    expect(demo.stderr).toMatch(/^printing {2}\d+ %/m);
    const dataDir = /--data-dir (\S+)/.exec(demo.stdout)?.[1] ?? '';
    const printers = await spoolgate(['printers', '--json', '--data-dir', dataDir]);
    expect(printers.json()).toMatchObject([{ id: 'demo', gateway: 'demo', state: 'ready', isOnline: true }]);
    const devices = join(dataDir, '..', 'devices.json');
    const again = [
      'push',
      'cube20-marlin-absolute-e.gcode',
      '--wait',
      '--json',
      '--data-dir',
      dataDir,
      '--devices',
      devices,
    ];
    const pushed = await spoolgate(again);
    expect(pushed.json()).toMatchObject([{ state: 'succeeded' }]);
    demo.signal('SIGINT');
    expect((await demo.ended).code).toBe(0);
    expect(await leftIn(TMPDIR)).toEqual([]);
  });
});

describe('Ctrl-C in the demo', () => {
  it.each([
    ['while the database is made', /Printing .* on a simulated printer/],
    ['when the database runs', /✓.*Postgres/],
    ['when the printer is being connected', /✓.*Job/],
    ['in mid-print', /[1-9] %/],
  ])('%s leaves nothing behind', { timeout: 30_000 }, async (_when, moment) => {
    const TMPDIR = await openFolder();
    const demo = new TerminalRun(['demo', '--speed', '60'], { TMPDIR });
    await demo.shows(moment);
    demo.type('\u0003');
    expect(await demo.ended, demo.text).toBe(130);
    expect(demo.text).toContain('Clearing up.');
    expect(demo.text.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(demo.text.lastIndexOf('\u001b[?25l'));
    expect(await leftIn(TMPDIR)).toEqual([]);
  });
});
