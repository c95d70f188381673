import { describe, expect, it } from 'vitest';
import { bedSpec, Heater, hotendSpec } from '../../src/simulator/heater.js';
import { ModelHost } from './model-host.js';

const seconds = (host: ModelHost, work: () => void): number => {
  const began = host.now;
  work();
  return (host.now - began) / 1000;
};

describe('a heater', () => {
  it('warms by its power, settles without overshoot, and cools to the air', () => {
    const heater = new Heater(hotendSpec, 25);
    heater.setTarget(200, 0);
    let highest = 0;
    for (let ms = 0; ms <= 120_000; ms += 500) highest = Math.max(highest, heater.reading(ms));
    expect(heater.reading(120_000)).toBeCloseTo(200, 1);
    expect(highest).toBeLessThan(200.5);
    // What goes in while it holds is what is lost: 175 °C over 75 s, of 6.5 °C/s.
    expect(heater.power).toBe(Math.round((175 / 75 / 6.5) * 127));
    heater.setTarget(0, 120_000);
    expect(heater.reading(195_000)).toBeCloseTo(25 + 175 / Math.E, 0);
    expect(heater.reading(2_000_000)).toBeCloseTo(25, 1);
    expect(heater.power).toBe(0);
  });

  it('takes longer for a bed than for a hotend', () => {
    const timeTo = (heater: Heater, target: number): number => {
      heater.setTarget(target, 0);
      let ms = 0;
      while (heater.reading(ms) < target - 1) ms += 100;
      return ms;
    };
    expect(timeTo(new Heater(hotendSpec, 25), 60)).toBeLessThan(timeTo(new Heater(bedSpec, 25), 60));
  });
});

describe('waiting for heat', () => {
  it('reports each second, counts down ten seconds within the window, then gives its ok', () => {
    const host = ModelHost.booted({ firmware: 'marlin-1.1' });
    const lines = host.ask('M109 S60');
    const reports = lines.filter((line) => line.startsWith(' T:'));
    expect(reports[0]).toBe(' T:25.00 /60.00 B:25.00 /0.00 @:0 B@:0 W:?');
    expect(reports.slice(-10).map((line) => line.replace(/.*W:/, ''))).toEqual('9876543210'.split(''));
    expect(lines.filter((line) => line === 'echo:busy: processing').length).toBeGreaterThan(5);
    expect(lines.at(-1)).toBe('ok');
    expect(host.ask('M105')[0]).toMatch(/^ok T:\d\d\.\d\d \/60\.00 B:25\.00 \/0\.00 @:\d+ B@:0$/);
  });

  it('is over at once when it is warmer already, unless cold is wanted', () => {
    const host = ModelHost.booted();
    host.ask('M109 S100');
    expect(seconds(host, () => host.ask('M109 S60'))).toBe(0);
    expect(seconds(host, () => host.ask('M109 R60'))).toBeGreaterThan(10);
    expect(seconds(host, () => host.ask('M109 S0'))).toBe(0);
    expect(seconds(host, () => host.ask('M190'))).toBe(0);
  });

  it('ends by M108, whose own ok follows', () => {
    const host = ModelHost.booted();
    host.send('M190 S60\n').run(5_000);
    expect(host.lines).not.toContain('ok');
    host.send('M105\nM108\n');
    expect(host.lines.slice(-3)).toEqual(['ok', expect.stringMatching(/^ok T:/), 'ok']);
    // Said when nothing waits it counts for nothing later.
    host.ask('M108');
    expect(seconds(host, () => host.ask('M190 S60'))).toBeGreaterThan(10);
  });

  it('starts over when the temperature leaves the window again', () => {
    const host = ModelHost.booted();
    host.send('M109 S60\n').runUntil(() => host.lines.some((line) => line.endsWith('W:5')));
    host.model.hardware.hotend.temperature = 50;
    host.run(1_000);
    expect(host.lines.at(-1)).toMatch(/W:\?$/);
  });

  it('says what the bed does to hosts that show it', () => {
    const host = ModelHost.booted({ hostPrompts: true });
    expect(host.ask('M190 S40')[0]).toBe('//action:notification Bed Heating...');
    expect(host.ask('M140 S0')).toEqual(['//action:notification Bed Cooling...', 'ok']);
    expect(host.ask('M140 S60')).toEqual(['ok']);
    expect(host.ask('M140')).toEqual(['ok']);
  });
});

describe('automatic temperature reports', () => {
  it('come at their interval until switched off, also while a command blocks', () => {
    const host = ModelHost.booted();
    host.print(['M155 S2', 'M155']);
    host.run(6_100);
    host.send('G4 S4\n').run(3_800);
    const reports = host.received.filter(({ text }) => text.startsWith(' T:'));
    expect(reports.map(({ ms }) => Math.round((ms - 200) / 100))).toEqual([20, 40, 60, 80]);
    host.run(1_000);
    host.ask('M155 S0');
    const before = host.received.length;
    host.run(10_000);
    expect(host.received).toHaveLength(before);
  });
});

describe('heater protection', () => {
  const haltOf = (host: ModelHost, limitMs: number): string[] => {
    const from = host.received.length;
    host.runUntil(() => host.model.haltCause !== undefined, limitMs);
    return host.lines.slice(from);
  };

  it('halts when the heater does not heat', () => {
    const host = ModelHost.booted({ firmware: 'marlin-1.1' });
    host.model.killHeater('hotend');
    host.ask('M104 S200');
    expect(haltOf(host, 21_000)).toEqual([
      'Error:Heating failed, system stopped! Heater_ID: 0',
      'Error:Printer halted. kill() called!',
    ]);
    expect(host.model.hardware.hotend.target).toBe(0);
  });

  it('halts when a heater at its temperature runs away, in the words of the firmware', () => {
    const host = ModelHost.booted();
    host.ask('M190 S60');
    host.model.killHeater('bed');
    expect(haltOf(host, 120_000)).toEqual([
      'Error:Thermal Runaway, system stopped! Heater_ID: bed',
      '',
      'echo:Thermal Runaway',
      'Error:Printer halted. kill() called!',
    ]);
  });

  it('does not halt a heater that loses heat for a moment', () => {
    const host = ModelHost.booted();
    host.ask('M109 S200');
    host.model.hardware.hotend.temperature = 180;
    expect(haltOf(host, 60_000)).toEqual([]);
    host.print(['M104 S240', 'M104 S100', 'M104 S0']);
    expect(haltOf(host, 600_000)).toEqual([]);
  });

  it.each([
    ['open', 'MINTEMP triggered', 2_000],
    ['short', 'MAXTEMP triggered', 1_000],
  ] as const)('halts when the sensor is %s', (fault, words, withinMs) => {
    const host = ModelHost.booted({ firmware: 'marlin-1.1' });
    host.ask('M140 S60');
    host.model.hardware.bed.sensor = fault;
    expect(haltOf(host, withinMs)[0]).toBe(`Error:${words}, system stopped! Heater_ID: bed`);
  });

  it('leaves an open sensor alone while the heater is off, but not a short one', () => {
    const host = ModelHost.booted();
    host.model.hardware.hotend.sensor = 'open';
    expect(haltOf(host, 60_000)).toEqual([]);
    expect(host.ask('M105')[0]).toMatch(/^ok T:-15\.00/);
    host.model.hardware.hotend.sensor = 'short';
    expect(haltOf(host, 1_000)[0]).toMatch(/^Error:MAXTEMP/);
  });
});
