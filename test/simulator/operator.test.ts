import { describe, expect, it } from 'vitest';
import { ModelHost, numbered } from './model-host.js';

const full = { emergencyParser: true, hostPrompts: true, advancedOk: true } as const;

describe('busy lines', () => {
  it('come every two seconds while a command blocks, or as M113 says', () => {
    const host = ModelHost.booted();
    expect(host.ask('M113')).toEqual(['echo:M113 S2', 'ok']);
    expect(host.ask('G4 S5')).toEqual(['echo:busy: processing', 'echo:busy: processing', 'ok']);
    host.ask('M113 S1');
    expect(host.ask('G4 P3500')).toHaveLength(4);
    host.ask('M113 S0');
    expect(host.ask('G4 S9')).toEqual(['ok']);
  });
});

describe('M0 and M1', () => {
  it('are unknown to a build without buttons', () => {
    expect(ModelHost.booted().ask('M0 Click')).toEqual(['echo:Unknown command: "M0 Click"', 'ok']);
    expect(ModelHost.booted({ emergencyParser: true }).send('M0\n').run(9_000).lines).not.toContain('ok');
  });

  it('prompt, say that they wait, and go on by M108', () => {
    const host = ModelHost.booted(full);
    host.send('M0 Click to go on\n').run(4_500);
    expect(host.lines).toEqual([
      'echo:Click to go on\r',
      '//action:prompt_end',
      '//action:prompt_begin Click to go on',
      '//action:prompt_button Continue',
      '//action:prompt_show',
      'echo:busy: paused for user',
      'echo:busy: paused for user',
    ]);
    expect(host.ask('M108')).toEqual(['ok P15 B2', 'ok P15 B3']);
  });

  it('go on by a button of the prompt, or after their time', () => {
    const host = ModelHost.booted(full);
    host.send('M1\n').run(1_000);
    expect(host.lines).toContain('//action:prompt_begin M1 Stop');
    expect(host.ask('M876 S0')).toHaveLength(2);
    const began = host.now;
    host.ask('M1 S3');
    expect(host.now - began).toBe(3_000);
  });
});

describe('M600', () => {
  it('is unknown to a plain build, and so is M876', () => {
    const host = ModelHost.booted();
    expect(host.ask('M600')[0]).toBe('echo:Unknown command: "M600"');
    expect(host.ask('M876 S0')[0]).toBe('echo:Unknown command: "M876 S0"');
  });

  it('parks, waits for the filament, purges as often as asked, and resumes', () => {
    const host = ModelHost.booted(full);
    const shown = (): string[] => host.lines.filter((line) => line.startsWith('//action:prompt_begin'));
    host.send('G1 X10 F600\nM600\n').run(60_000);
    expect(shown()).toEqual(['//action:prompt_begin Pause', '//action:prompt_begin Nozzle Parked']);
    host.send('M876 S0\n').run(30_000);
    expect(host.lines.filter((line) => line.startsWith('//action:prompt_button')).slice(-2)).toEqual([
      '//action:prompt_button PurgeMore',
      '//action:prompt_button Continue',
    ]);
    host.send('M876 S0\n').run(30_000);
    expect(shown()).toHaveLength(4);
    expect(host.lines).not.toContain('//action:resumed');
    host.send('M876 S1\n').run(10);
    expect(host.lines.at(-5)).toBe('//action:resumed');
    expect(host.model.idle).toBe(true);
  });
});

describe('M112', () => {
  it.each([
    [{}, 'M112\n'],
    [{ emergencyParser: true }, 'M112\n'],
    [{ emergencyParser: true }, numbered(2, 'M112')],
    [{ emergencyParser: true }, ' N7 M112 whatever\n'],
  ])('of %j acts at once for %j', (options, line) => {
    const host = ModelHost.booted(options);
    host.send('G4 S60\n').run(100);
    host.send(line);
    expect(host.lines.slice(-2)).toEqual(['echo:M112 Shutdown', 'Error:Printer halted. kill() called!']);
    expect(host.model.haltCause).toEqual({ kind: 'm112' });
  });

  it('waits its turn when it is numbered and nobody watches the bytes', () => {
    const host = ModelHost.booted();
    host.send(`G4 S4\n${numbered(1, 'M112')}`).run(3_900);
    expect(host.model.haltCause).toBeUndefined();
    host.run(200);
    expect(host.lines.slice(-3)).toEqual(['ok', 'echo:M112 Shutdown', 'Error:Printer halted. kill() called!']);
  });

  it('waits behind a full queue, for it is not even read', () => {
    const host = ModelHost.booted({ bufSize: 2 });
    host.send('G4 S4\nG21\nM112\n').run(3_900);
    expect(host.model.haltCause).toBeUndefined();
    host.run(200);
    expect(host.model.haltCause).toBeDefined();
  });

  it('in a text does nothing', () => {
    for (const options of [{}, { emergencyParser: true }]) {
      const host = ModelHost.booted(options);
      expect(host.ask('M117 M112')).toEqual(['ok']);
      expect(host.ask('M117 see N1 M112 there and so on until the line is very long')).toEqual(['ok']);
    }
  });

  it('leaves a printer that answers nothing until it is reset', () => {
    const host = ModelHost.booted({ firmware: 'marlin-1.1' });
    host.print(['M104 S200', 'M140 S60']).send('M112\n');
    const count = host.received.length;
    host.send('M105\n').send('M999\nM112\n').run(10_000);
    expect(host.received).toHaveLength(count);
    expect(host.model.hardware.hotend.target).toBe(0);
    expect(host.model.nextDueMs()).toBe(Infinity);
    host.model.reset({ nowMs: host.now });
    host.send('M105\n').run(200);
    expect(host.lines.slice(count)[0]).toBe('start');
    expect(host.lines.slice(count)).not.toContain(expect.stringMatching(/^ok/));
    expect(host.ask('M105')[0]).toMatch(/^ok T:\d+\.\d+ \/0\.00/);
    expect(host.model.figures).toMatchObject({ halts: 1, resets: 1 });
  });
});

describe('M410', () => {
  it.each([{}, { emergencyParser: true }])('of %j ends the motion, and the moves behind it go on', (options) => {
    const host = ModelHost.booted(options);
    host.print(['G1 X100 F600', 'M400', 'G91']);
    for (let move = 0; move < 16; move++) host.send('G1 X10 F600\n');
    host.run(2_500);
    host.send('M410\n');
    expect(host.lines.filter((line) => line === 'ok')).toHaveLength(3 + 16 + 1);
    host.runUntil(() => host.model.idle);
    expect(host.ask('M114')[0]).toMatch(/^X:\d+\.00 .* Count X:\d+ Y:0 Z:0$/);
  });
});

describe('small talk', () => {
  it('goes as the firmware says it', () => {
    const host = ModelHost.booted();
    expect(host.ask('M118 hi')).toEqual(['hi\r', 'ok']);
    expect(host.ask('M118 E1 hi')).toEqual(['echo:hi\r', 'ok']);
    expect(host.ask('M118 A1 action:pause')).toEqual(['//action:pause\r', 'ok']);
    expect(host.ask('M221')).toEqual(['echo:E0 Flow: 100%', 'ok']);
    expect(host.ask('M31')).toEqual(['echo:Print time: 0s', 'ok']);
    expect(host.ask('M119')).toContain('x_min: open');
    expect(host.ask('M862.3 P "MK3S"')).toEqual(['echo:Unknown command: "M862.3 P "MK3S""', 'ok']);
    expect(host.ask('M20')).toEqual(['echo:Unknown command: "M20"', 'ok']);
    expect(host.ask('T')).toEqual(['echo:Unknown command: "T"', 'ok']);
    expect(host.ask('T1')).toEqual(['echo:T1 Invalid extruder', 'ok']);
    expect(host.ask('G5')).toEqual(['echo:Unknown command: "G5"', 'ok']);
    expect(host.ask('M203 E80')).toEqual(['ok']);
    expect(host.ask('M503')).toContain('echo:  M203 X300.0000 Y300.0000 Z5.0000 E80.0000');
    expect(host.ask('M503 S0')[0]).toBe('  G21 ; (mm)');
    for (const command of ['M106', 'M106 S127', 'M107', 'M73 P1', 'M220', 'M110', 'M92', 'M104']) {
      expect(host.ask(command)).toEqual(['ok']);
    }
  });

  it('of M115 names the build', () => {
    const host = ModelHost.booted({ machineType: 'Mill', uuid: 'u-u-i-d', emergencyParser: true });
    const lines = host.ask('M115');
    expect(lines[0]).toMatch(/^FIRMWARE_NAME:Marlin 2\.1\.2 .* MACHINE_TYPE:Mill EXTRUDER_COUNT:1 UUID:u-u-i-d$/);
    expect(lines).toContain('Cap:EMERGENCY_PARSER:1');
    expect(lines).toContain('Cap:AUTOREPORT_TEMP:1');
    expect(ModelHost.booted({ firmware: 'marlin-1.1' }).ask('M115')).toContain('Cap:EMERGENCY_PARSER:0');
    expect(ModelHost.booted({ firmware: 'marlin-1.1', emergencyParser: true }).ask('M115')).toContain(
      'Cap:EMERGENCY_PARSER:1',
    );
  });

  it('of a halt after homing failed differs by firmware', () => {
    const lines = (firmware: 'marlin-1.1' | 'marlin-2.1'): string[] => {
      const host = ModelHost.booted({ firmware });
      host.model.halt({ kind: 'homing-failed' });
      return host.run(1).lines;
    };
    expect(lines('marlin-2.1')).toEqual(['echo:Homing Failed', 'Error:Printer halted. kill() called!']);
    expect(lines('marlin-1.1')).toEqual(['Error:Printer halted. kill() called!']);
  });
});
