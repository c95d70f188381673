import { describe, expect, it } from 'vitest';
import { FirmwareModel } from '../../src/simulator/firmware-model.js';
import { SimulatedClock } from '../../src/simulator/simulated-clock.js';
import { ModelHost, numbered } from './model-host.js';

describe('simulated time', () => {
  it('runs N times faster, latency does not', () => {
    const host = ModelHost.booted({ speed: 100, latencyMs: 10 });
    const began = host.now;
    expect(host.ask('G4 S10').at(-1)).toBe('ok');
    expect(host.now - began).toBeCloseTo(10_000 / 100 + 10, 6);
  });

  it('jumps over every wait of the printer at unlimited speed', () => {
    const host = ModelHost.booted({ speed: Infinity });
    const began = host.now;
    host.print(['G28', 'M190 S60', 'M109 S200', 'G4 S3600', ...Array(100).fill('G1 X100 F60'), 'M400']);
    expect(host.now).toBe(began);
    expect(host.model.clock.now).toBeGreaterThan(3_600_000);
    expect(host.ask('M105')[0]).toMatch(/^ok T:200\.\d\d .*B:60\.00/);
  });

  it('ends motion at unlimited speed as soon as nothing else is to be done', () => {
    const host = ModelHost.booted({ speed: Infinity });
    host.send('G1 X100 F6\n');
    expect(host.model.idle).toBe(true);
    expect(host.model.hardware.planner.reached[0]).toBe(100);
  });

  it('waits for the host even at unlimited speed', () => {
    const host = ModelHost.booted({ speed: Infinity, emergencyParser: true });
    host.send('M0\n').run(1_000);
    expect(host.lines).not.toContain('ok');
    expect(host.ask('M108')).toHaveLength(2);
  });

  it('passes at unlimited speed also while the host waits for heat by itself', () => {
    const host = ModelHost.booted({ speed: Infinity });
    host.ask('M104 S200');
    host.run(2_000);
    expect(host.model.hardware.hotend.reading(host.model.clock.now)).toBeGreaterThan(195);
  });

  it('does not drown the host in lines of its own accord', () => {
    const host = ModelHost.booted({ speed: 10_000 });
    host.ask('M155 S1');
    host.run(1_000);
    expect(host.lines.filter((line) => line.startsWith(' T:')).length).toBeLessThanOrEqual(51);
  });

  it('goes to wire time and back', () => {
    const clock = new SimulatedClock(50, 1_000);
    expect(clock.at(1_010)).toBe(500);
    expect(clock.wireAt(500)).toBe(1_010);
    const jumpy = new SimulatedClock(Infinity, 0);
    jumpy.jumpTo(5_000, 10);
    expect(jumpy.at(10)).toBe(5_000);
    jumpy.jumpTo(1, 10);
    expect(jumpy.at(10)).toBe(5_000);
  });
});

describe('the hot path', () => {
  it('takes at least 20,000 numbered moves a second', () => {
    const lines = Array.from({ length: 40_000 }, (_, index) =>
      Buffer.from(numbered(index + 1, `G1 X${(index % 200) + 0.123} Y${index % 170} E0.0312`)),
    );
    const model = new FirmwareModel({ speed: Infinity });
    model.advance(200);
    model.hardware.hotend.temperature = 210;
    let oks = 0;
    const began = process.cpuUsage();
    for (const [index, line] of lines.entries()) {
      const now = 200 + index * 0.01;
      model.receive(line, now);
      oks += model.advance(now).filter(({ text }) => text.includes('ok')).length;
    }
    const { user, system } = process.cpuUsage(began);
    expect(oks).toBe(lines.length);
    expect(model.figures).toMatchObject({ ran: lines.length, resendRequests: 0, overflowedBytes: 0 });
    expect(lines.length / ((user + system) / 1e6)).toBeGreaterThan(20_000);
  });
});
