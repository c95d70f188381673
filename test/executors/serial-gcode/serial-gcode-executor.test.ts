import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SerialGcodeExecutor } from '../../../src/executors/serial-gcode/serial-gcode-executor.js';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { marlinSays, type Script, ScriptedTransport } from '../../support/printer/scripted-transport.js';
import { recordingContext } from '../../contracts/executor-jobs.js';
import { claimOf, type PrintBench, printBench, printJobOf } from './print-bench.js';

const benches: PrintBench[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

const benchOf = async (...options: Parameters<typeof printBench>): Promise<PrintBench> => {
  const bench = await printBench(...options);
  benches.push(bench);
  return bench;
};

const gcode = 'M117 hello\nM104 S200\nG28\nG1 X1 E1\nG1 X2 E2\n';

/** Breaks the print at commands like this. */
const breaking =
  (at: RegExp, breaks: (port: ScriptedTransport) => void): Script =>
  (command, port) => {
    if (!at.test(command)) return marlinSays(command);
    breaks(port);
    return undefined;
  };

const push = async (bench: PrintBench, job: QueuedJob, printer = 'a'): Promise<QueuedJob> => {
  await bench.executor.push(bench.context.queue.claim(job), claimOf(printer));
  const [update] = bench.context.queue.of(job.id, 'update');
  if (!update) throw new Error('no result');
  return update.job;
};

describe('a print job', () => {
  it('succeeds with its print in meta', async () => {
    const bench = await benchOf(['a']);
    const result = await push(bench, printJobOf(gcode, { meta: { mine: 1 } }));
    expect(result).toMatchObject({ state: 'succeeded', attempts: 1, errors: [] });
    expect(result.meta).toMatchObject({
      mine: 1,
      print: { printer: 'a', phase: 'done', percent: 100, extent: 'extruded', acknowledged: 5 },
    });
  });

  it('prints copies one after the other, and only where the bed clears itself', async () => {
    const bench = await benchOf(['a']);
    const result = await push(bench, printJobOf(gcode, { kwargs: { gcode, copies: 3 } }));
    expect(result.state).toBe('succeeded');
    expect(bench.port('a').commands.filter((command) => command === 'G28')).toHaveLength(3);
    const person = await benchOf(['a'], { profile: { clearsItself: false } });
    const refused = await push(person, printJobOf(gcode, { kwargs: { gcode, copies: 3 }, maxAttempts: 3 }));
    expect(refused).toMatchObject({ state: 'failed', errors: [{ code: 'KWARGS_INVALID' }] });
  });

  it.each([
    ['another function', { func: 'tasks.send' }, 'KWARGS_INVALID', 'func'],
    ['no file', { kwargs: {} }, 'KWARGS_INVALID', 'kwargs.file'],
    ['a field that is not known', { kwargs: { gcode, speed: 3 } }, 'KWARGS_INVALID', 'speed'],
    ['a file that is not there', { kwargs: { file: 'no.gcode' } }, 'FILE_NOT_FOUND', 'no.gcode'],
    ['a file outside the spool', { kwargs: { file: '../../etc/passwd' } }, 'FILE_OUTSIDE_SPOOL', 'passwd'],
    ['an empty file', { kwargs: { gcode: '; nothing\n' } }, 'FILE_EMPTY', ''],
    ['a line that is too long', { kwargs: { gcode: `G1 ${'X1.0000 '.repeat(14)}\n` } }, 'LINE_TOO_LONG', 'line 1'],
    ['a printer that is not there', { kwargs: { gcode, printer: 'z' } }, 'PRINTER_UNKNOWN', 'z'],
  ])('with %s fails at once and names it', async (_, job, code, named) => {
    const result = await push(await benchOf(['a']), printJobOf(gcode, { maxAttempts: 5, ...job }));
    expect(result).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code }] });
    expect(result.errors[0]?.traceback).toContain(named);
  });

  const says = (line: string) => (port: ScriptedTransport) => port.say(line);
  it.each([
    [
      'the link is lost before a line was taken',
      /^M117 hello/,
      (port: ScriptedTransport) => port.lose(),
      'LINK_LOST_BEFORE_START',
      'retrying',
      false,
    ],
    ['the link is lost in mid-print', /^G1 X2/, (port: ScriptedTransport) => port.lose(), 'LINK_LOST', 'failed', true],
    ['the printer halts', /^G1 X2/, says('Error:Printer halted. kill() called!'), 'PRINTER_HALTED', 'failed', true],
    [
      'the printer burns',
      /^G28/,
      says('Error:Heating failed, system stopped! Heater_ID: 0'),
      'THERMAL_FAULT',
      'failed',
      true,
    ],
    ['the firmware is reset', /^G1 X1/, says('start'), 'PRINTER_RESET', 'failed', true],
    [
      'a line never arrives whole',
      /^G1 X1/,
      (port: ScriptedTransport) => port.say('Error:checksum mismatch, Last Line: 6', 'Resend: 7', 'ok'),
      'RESEND_STORM',
      'failed',
      true,
    ],
    ['nothing is heard any more', /^G1 X1|^M105/, () => undefined, 'LINK_SILENT', 'failed', true],
  ])('when %s', async (_, at, breaks, code, state, setAside) => {
    const bench = await benchOf(['a'], { script: breaking(at, breaks) });
    const before = Date.now();
    const result = await push(bench, printJobOf(gcode, { maxAttempts: 3 }));
    expect(result).toMatchObject({ state, attempts: 1, errors: [{ code }], meta: { print: { error: { code } } } });
    expect(bench.fleet.get('a').setAside?.code).toBe(setAside ? code : undefined);
    if (state === 'retrying') expect(result.scheduledAt.getTime()).toBeGreaterThan(before + 1000);
    else expect(result.completedAt).not.toBeNull();
  });

  it.each(['PORT_NOT_FOUND', 'PORT_BUSY', 'PORT_PERMISSION', 'PORT_FAILED'] as const)(
    'on a printer with %s is tried again later while attempts remain',
    async (code) => {
      const bench = await benchOf(['a'], {
        transport: () => new ScriptedTransport({ open: () => new SpoolgateError(code) }),
      });
      expect(bench.executor.claims(0)).toEqual([]);
      const retried = await push(bench, printJobOf(gcode, { maxAttempts: 2 }));
      expect(retried).toMatchObject({ state: 'retrying', completedAt: null, errors: [{ code }] });
      const failed = await push(bench, printJobOf(gcode, { attempts: 1, maxAttempts: 2 }));
      expect(failed).toMatchObject({ state: 'failed', attempts: 2, errors: [{ code }] });
    },
  );

  it('on a firmware that says nothing is tried again', async () => {
    const bench = await benchOf(['a'], { script: () => undefined });
    const result = await push(bench, printJobOf(gcode, { maxAttempts: 2 }));
    expect(result).toMatchObject({ state: 'retrying', errors: [{ code: 'NO_BANNER' }] });
  });
});

describe('ending prints', () => {
  it('cancels one that runs, with the heaters off', async () => {
    const bench = await benchOf(['a'], { script: breaking(/^G1 X2/, (port) => port.say('ok')) });
    const slow = await benchOf(['a'], { script: (command) => (command === 'G28' ? undefined : marlinSays(command)) });
    const job = printJobOf(gcode, { maxAttempts: 3 });
    const pushed = push(slow, job);
    await slow.context.queue.until(() => slow.context.queue.of(job.id, 'meta').length > 0);
    expect(slow.executor.cancel(job.id)).toBe(true);
    slow.port('a').say('ok');
    expect(await pushed).toMatchObject({
      state: 'failed',
      errors: [{ code: 'CANCELLED' }],
      meta: { print: { phase: 'cancelled' } },
    });
    expect(bench.executor.cancel(job.id)).toBe(false);
  });

  it('cancels one whose file is still being read, before a line of it leaves', async () => {
    const bench = await benchOf(['a']);
    const job = printJobOf(gcode, { maxAttempts: 3 });
    const pushed = push(bench, job);
    expect(bench.executor.cancel(job.id)).toBe(true);
    expect(await pushed).toMatchObject({ state: 'failed', errors: [{ code: 'CANCELLED' }] });
    expect(bench.port('a').commands).not.toContain('M117 hello');
  });

  it('gives back what has not extruded when the worker stops, also while the file is being read', async () => {
    for (const at of ['reading', 'heating'] as const) {
      const bench = await benchOf(['a'], {
        script: (command) => (command === 'G28' ? undefined : marlinSays(command)),
      });
      const job = printJobOf(gcode);
      const pushed = bench.executor.push(bench.context.queue.claim(job), claimOf('a'));
      if (at === 'heating') await bench.port('a').until(/^G28/);
      bench.port('a').say('ok');
      const stopped = bench.executor.stop();
      bench.port('a').say('ok');
      await Promise.all([pushed, stopped]);
      expect(bench.context.queue.of(job.id, 'release')).toHaveLength(1);
      expect(bench.context.queue.of(job.id, 'update')).toHaveLength(0);
    }
  });

  it('ends one that is no longer ours', async () => {
    const bench = await benchOf(['a'], { script: (command) => (command === 'G28' ? undefined : marlinSays(command)) });
    const job = printJobOf(gcode);
    const pushed = bench.executor.push(bench.context.queue.claim(job), claimOf('a'));
    bench.context.queue.lose(job.id);
    await bench.port('a').until(/^G28/);
    await bench.context.queue.until(() => bench.context.queue.of(job.id, 'meta').length > 0);
    bench.port('a').say('ok');
    await pushed;
    expect(bench.port('a').commands).not.toContain('G1 X2 E2');
    expect(bench.context.queue.of(job.id, 'update')).toMatchObject([{ outcome: 'stale' }]);
  });
});

describe('several printers', () => {
  it('are claimed one by one: what waits for a busy one does not block the others', async () => {
    const bench = await benchOf(['a', 'b', 'c'], {
      script: (command) => (command === 'G28' ? undefined : marlinSays(command)),
    });
    expect(bench.executor.claims(0)).toEqual(['a', 'b', 'c'].map(claimOf));
    const first = push(bench, printJobOf(gcode), 'b');
    expect(bench.executor.claims(1)).toEqual(['a', 'c'].map(claimOf));
    await bench.port('b').until(/^G28/);
    // A claim of before comes late: two jobs never print on one printer.
    const second = push(bench, printJobOf(gcode, { maxAttempts: 2 }), 'b');
    expect(await second).toMatchObject({ state: 'retrying', errors: [{ code: 'PRINTER_NOT_READY' }] });
    expect(bench.port('b').commands.filter((command) => command === 'M117 hello')).toHaveLength(1);
    bench.port('b').say('ok');
    expect(await first).toMatchObject({ state: 'succeeded' });
    expect(bench.executor.claims(0)).toEqual(['a', 'b', 'c'].map(claimOf));
    expect(bench.context.woken).toBeGreaterThan(0);
  });

  it('are claimed no further than the queue allows', async () => {
    const bench = await benchOf(['a', 'b', 'c'], { concurrency: 2 });
    expect([0, 1, 2, 5].map((running) => bench.executor.claims(running).length)).toEqual([2, 1, 0, 0]);
  });
});

describe('progress', () => {
  it('stands in meta.print at each change of phase, and every 2 s at most otherwise', async () => {
    let isHeating = false;
    const bench = await benchOf(['a'], {
      script: (command) => {
        if (command === 'M109 S200') isHeating = true;
        return isHeating ? undefined : marlinSays(command);
      },
    });
    const job = printJobOf(`M109 S200\n${gcode}`);
    const saved: [number, unknown][] = [];
    const { queue } = bench.context;
    const watch = queue.until(() => {
      const metas = queue.of(job.id, 'meta');
      if (metas.length > saved.length) saved.push([performance.now(), metas.at(-1)?.job.meta['print']]);
      return saved.length === 2;
    });
    const pushed = push(bench, job);
    await watch;
    expect(saved.map(([, print]) => print)).toMatchObject([{ phase: 'heating', printer: 'a' }, { phase: 'heating' }]);
    expect((saved[1]?.[0] ?? 0) - (saved[0]?.[0] ?? 0)).toBeGreaterThanOrEqual(1990);
    isHeating = false;
    bench.port('a').say('ok', ...marlinSays('M105'));
    await pushed;
  });

  it('of copies: a later one that cannot begin ends the job, as the first lies there', async () => {
    let prints = 0;
    const bench = await benchOf(['a'], {
      script: (command, port) => {
        if (command === 'M400') prints += 1;
        if (command === 'M105' && prints === 1) {
          prints += 1;
          setImmediate(() => setImmediate(() => port.lose()));
        }
        return marlinSays(command);
      },
    });
    const result = await push(bench, printJobOf(gcode, { kwargs: { gcode, copies: 2 }, maxAttempts: 3 }));
    expect(result).toMatchObject({ state: 'failed', meta: { print: { extent: 'extruded' } } });
  });
});

describe('copies', () => {
  it('cancelled between two of them are not printed again', async () => {
    const job = printJobOf(gcode, { kwargs: { gcode, copies: 3 }, maxAttempts: 3 });
    const bench = await benchOf(['a'], {
      script: (command) => {
        if (command === 'M400') bench.executor.cancel(job.id);
        return marlinSays(command);
      },
    });
    const result = await push(bench, job);
    expect(result).toMatchObject({ state: 'failed', errors: [{ code: 'CANCELLED' }] });
    expect(bench.port('a').commands.filter((command) => command === 'G28')).toHaveLength(1);
  });

  it('are not printed again when the worker stops between them', async () => {
    const job = printJobOf(gcode, { kwargs: { gcode, copies: 3 }, maxAttempts: 3 });
    const bench = await benchOf(['a'], {
      script: (command) => {
        if (command === 'M400') void bench.executor.stop();
        return marlinSays(command);
      },
    });
    const result = await push(bench, job);
    expect(result).toMatchObject({ state: 'failed', errors: [{ code: 'GATEWAY_STOPPING' }] });
    expect(bench.context.queue.of(job.id, 'release')).toEqual([]);
  });
});

describe('without a fleet of its own', () => {
  it('runs the one of devices.json, and stops it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spoolgate-devices-'));
    const before = process.env['SPOOLGATE_DEVICES'];
    process.env['SPOOLGATE_DEVICES'] = join(folder, 'devices.json');
    const printer = { id: 'off', name: 'Off', path: join(folder, 'no-port'), baud_rate: 115_200 };
    await writeFile(join(folder, 'devices.json'), JSON.stringify({ spool_dir: folder, printers: [printer] }));
    try {
      const context = recordingContext();
      const executor = new SerialGcodeExecutor(context);
      await executor.start();
      const job = printJobOf(gcode, { kwargs: { gcode, printer: 'off' } });
      await executor.push(context.queue.claim(job), { limit: 1 });
      expect(context.queue.of(job.id, 'update')).toMatchObject([{ job: { errors: [{ code: 'PORT_NOT_FOUND' }] } }]);
      await executor.stop();
    } finally {
      if (before === undefined) delete process.env['SPOOLGATE_DEVICES'];
      else process.env['SPOOLGATE_DEVICES'] = before;
      await rm(folder, { recursive: true });
    }
  });

  it('makes one from devices.json, and says what is wrong with it', async () => {
    const before = process.env['SPOOLGATE_DEVICES'];
    process.env['SPOOLGATE_DEVICES'] = '/nonexistent/devices.json';
    try {
      const executor = new SerialGcodeExecutor(recordingContext());
      await expect(executor.start()).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
      expect(executor.claims(0)).toEqual([]);
      await expect(executor.push(printJobOf(gcode), claimOf('a'))).rejects.toThrow('before start');
      await executor.stop();
    } finally {
      if (before === undefined) delete process.env['SPOOLGATE_DEVICES'];
      else process.env['SPOOLGATE_DEVICES'] = before;
    }
  });
});
