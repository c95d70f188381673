import { describe, expect, it } from 'vitest';
import { EventBus } from '../../src/events/event-bus.js';
import { logEvents } from '../../src/observability/log-events.js';
import { createLogger } from '../../src/observability/logger.js';
import { CollectedLines } from './collected-lines.js';

const listening = (level = 'info') => {
  const destination = new CollectedLines();
  const events = new EventBus();
  const off = logEvents(events, createLogger({ env: {}, destination, level }), { gateway: 'pi' });
  return { events, destination, off };
};

const print = { printerId: 'left', jobId: 'j1', attempt: 1 };
const claimed = { workerId: 'w', queue: 'printers', jobId: 'j1', func: 'gcode.print', attempt: 0, waitedMs: 1200 };
const figures = { sent: 9, acknowledged: 9, resent: 1, resendRequests: 1, oksLost: 0, wallMs: 65_000 };

describe('the lines of events', () => {
  it('carry gateway, printer, queue, job and attempt by the same names', () => {
    const { events, destination } = listening();
    events.emit('job.claimed', claimed);
    events.emit('print.resumed', { ...print, line: 7 });
    events.emit('job.finished', { ...claimed, state: 'succeeded', ranMs: 1 });
    events.emit('print.resumed', { ...print, line: 8 });
    expect(destination.lines.map(({ time: _time, ...line }) => line)).toEqual([
      {
        level: 'info',
        gateway: 'pi',
        event: 'job.claimed',
        worker: 'w',
        queue: 'printers',
        job: 'j1',
        attempt: 1,
        func: 'gcode.print',
        waitedMs: 1200,
        msg: 'claimed gcode.print, attempt 1, after it was due for 1.2 s',
      },
      {
        level: 'info',
        gateway: 'pi',
        event: 'print.resumed',
        printer: 'left',
        queue: 'printers',
        job: 'j1',
        attempt: 1,
        line: 7,
        msg: 'resumed at line 7',
      },
      expect.objectContaining({ event: 'job.finished', msg: 'succeeded after 1 ms' }),
      // The job has ended: its queue is forgotten.
      expect.not.objectContaining({ queue: 'printers' }),
    ]);
  });

  it('have a level that fits what happened', () => {
    const { events, destination } = listening();
    const failed = { ...print, ...figures, line: 4, z: 0.2, reason: 'r' };
    events.emit('print.failed', { ...failed, code: 'THERMAL_FAULT' });
    events.emit('print.failed', { ...failed, code: 'CANCELLED' });
    events.emit('job.finished', { ...claimed, state: 'failed', ranMs: 1, error: 'LINK_LOST: x' });
    events.emit('job.finished', { ...claimed, state: 'failed', ranMs: 1, error: 'CANCELLED: x' });
    events.emit('job.finished', { ...claimed, state: 'retrying', ranMs: 1, error: 'PORT_BUSY: x' });
    events.emit('job.finished', { ...claimed, state: 'odd', ranMs: 1 });
    events.emit('printer.command', { printerId: 'left', action: 'clear', by: 'anna', ok: false, message: 'no' });
    expect(destination.lines.map(({ level }) => level)).toEqual([
      'error',
      'warn',
      'error',
      'warn',
      'warn',
      'warn',
      'warn',
    ]);
    expect(destination.lines[0]?.msg).toBe(
      'ended at line 4, Z 0.2 mm after 1 min 5 s: r; 9 lines sent, 9 acknowledged, 1 sent again on 1 requests, 0 oks lost',
    );
  });

  it('ask for the traffic of the wire only at level trace', () => {
    expect(listening('debug').events.listensToTraffic).toBe(false);
    const { events, destination } = listening('trace');
    expect(events.listensToTraffic).toBe(true);
    events.emit('printer.traffic', { printerId: 'left', direction: 'sent', line: 'N1 M105*36' });
    events.emit('printer.traffic', { printerId: 'left', direction: 'received', line: 'ok' });
    expect(destination.lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['trace', '> N1 M105*36'],
      ['trace', '< ok'],
    ]);
  });

  it('of a printer that talks too much are counted instead', () => {
    const { events, destination, off } = listening();
    for (let index = 0; index < 500; index += 1) {
      events.emit('printer.message', { printerId: 'left', text: `echo ${index}` });
      events.emit('printer.resend', { printerId: 'left', line: index, reason: 'checksum' });
    }
    events.emit('printer.message', { printerId: 'right', text: 'hello' });
    expect(destination.lines).toHaveLength(41);
    off();
    expect(destination.lines.slice(41)).toMatchObject([
      { level: 'warn', event: 'printer.message', printer: 'left', suppressed: 480, gateway: 'pi' },
      { level: 'warn', event: 'printer.resend', printer: 'left', suppressed: 480 },
    ]);
    events.emit('printer.message', { printerId: 'right', text: 'nobody hears' });
    expect(destination.lines).toHaveLength(43);
  });
});
