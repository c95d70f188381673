import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../../src/cli/package-files.js';
import { createTestDatabase } from '../support/database.js';
import { temporaryFolder } from './support/folder.js';
import { Running, spoolgate } from './support/spoolgate.js';

const sample = packageFile('gcode-samples/cube20-marlin-absolute-e.gcode');

const folderWith = async (speed: number): Promise<string> => {
  const folder = await temporaryFolder();
  const devices = { gateway: { name: 'test' }, printers: [{ id: 'sim', simulated: { speed } }] };
  await writeFile(join(folder, 'devices.json'), JSON.stringify(devices));
  return folder;
};

describe('print', () => {
  it('prints on a port what simulate then says it ran', async () => {
    const folder = await temporaryFolder();
    const port = join(folder, 'printer');
    const args = ['--pty', port, '--speed', '2000', '--expect', sample, '--faults', 'corrupt-rate=0.01', '--json'];
    const simulated = new Running(['simulate', ...args]);
    await simulated.says('"printers"');
    const printed = await spoolgate(['print', sample, '--port', port, '--json']);
    expect(printed.code, printed.stderr).toBe(0);
    expect(printed.json()).toMatchObject({ printer: 'printer', result: 'done', error: null, extent: 'extruded' });
    simulated.signal('SIGINT');
    const { code, stdout } = await simulated.ended;
    const [started, ended] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect([code, started]).toEqual([0, { printers: [port] }]);
    expect(ended).toMatchObject([{ path: port, comparison: { exact: true } }]);
  });

  it('ends the print safely at Ctrl-C', async () => {
    const cwd = await folderWith(30);
    const print = new Running(['print', sample, '--printer', 'sim', '--json'], { cwd });
    await print.says(/^printing/m);
    print.signal('SIGINT');
    const ran = await print.ended;
    expect([ran.code, ran.json()]).toMatchObject([130, { result: 'failed', error: { code: 'CANCELLED' } }]);
    expect(ran.stderr).toContain('Ending the print: heaters off, head parked.');
  });

  it('stops the firmware at the second Ctrl-C', async () => {
    const cwd = await folderWith(1);
    const print = new Running(['print', sample, '--printer', 'sim', '--json'], { cwd });
    await print.says(/^heating/m);
    print.signal('SIGINT');
    await print.says('Ending the print');
    print.signal('SIGTERM');
    const ran = await print.ended;
    expect([ran.code, ran.json()]).toMatchObject([1, { result: 'failed', error: { code: 'EMERGENCY_STOP' } }]);
  });

  it('says why it cannot', async () => {
    const ran = await spoolgate(['print', sample, '--port', '/dev/nowhere']);
    expect([ran.code, ran.stderr]).toEqual([5, expect.stringContaining('error: PORT_NOT_FOUND ')]);
  });
});

describe('gateway', () => {
  it('finishes prints at the first signal, ends them at the second', { timeout: 60_000 }, async () => {
    const database = await createTestDatabase();
    try {
      const cwd = await folderWith(30);
      const env = { DATABASE_URL: database.url };
      const gateway = new Running(['gateway'], { cwd, env });
      await gateway.says('"printer.connected"');
      const push = new Running(['push', sample, '--wait', '--json'], { cwd, env });
      // By then it has extruded something; before, the job would go back into the queue.
      await gateway.says('"print.progress"');
      gateway.signal('SIGTERM');
      await gateway.says('waiting for sim');
      expect(gateway.child.exitCode).toBe(null);
      // Two of one name within a moment would count as one.
      gateway.signal('SIGINT');
      const { code, stdout, stderr } = await gateway.ended;
      expect([code, stderr]).toEqual([130, '']);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { gateway: string; msg: string });
      expect(new Set(lines.map((line) => line.gateway))).toEqual(new Set(['test']));
      expect(lines.at(-1)?.msg).toBe('stopped');
      const pushed = await push.ended;
      expect([pushed.code, pushed.json()]).toMatchObject([
        1,
        [{ state: 'failed', errors: [{ code: 'GATEWAY_STOPPING' }] }],
      ]);
    } finally {
      await database.drop();
    }
  });

  it('waits for a database that is not there yet, and leaves in order', async () => {
    const cwd = await folderWith(1000);
    const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere' };
    const gateway = new Running(['gateway'], { cwd, env });
    await gateway.says('the database is not there; next try in');
    gateway.signal('SIGINT');
    const { code, stderr } = await gateway.ended;
    expect([code, stderr]).toEqual([0, '']);
  });
});
