import { describe, expect, it } from 'vitest';
import { ModelHost, numbered } from './model-host.js';

describe('acknowledgement', () => {
  it('comes for every command and for nothing else', () => {
    const host = ModelHost.booted();
    expect(host.ask('G21')).toEqual(['ok']);
    expect(host.send('\n\r\n; a comment\n').lines).toEqual(['ok']);
    expect(host.ask('g21')).toEqual(['echo:Unknown command: "g21"', 'ok']);
    expect(host.ask('FOO 1*22')).toEqual(['echo:Unknown command: "FOO 1"', 'ok']);
  });

  it('is held while the planner is full, and comes as blocks end', () => {
    const host = ModelHost.booted();
    for (let x = 1; x <= 19; x++) host.send(`G1 X${x * 10} F600\n`);
    // 15 of 16 blocks, one command waits for room, three wait behind it in the queue.
    expect(host.lines).toHaveLength(15);
    host.run(1_000);
    expect(host.lines).toHaveLength(16);
    host.run(18_000);
    expect(host.lines.filter((line) => line === 'ok')).toHaveLength(19);
  });

  it('tells number, free blocks and free slots with ADVANCED_OK', () => {
    const host = ModelHost.booted({ advancedOk: true });
    expect(host.ask('G1 X10 F600')).toEqual(['ok P14 B3']);
    expect(host.ask(numbered(1, 'G1 X20').trim())).toEqual(['ok N1 P13 B3']);
    expect(host.ask('M105')[0]).toMatch(/^ok T:25\.00 \/0\.00 B:25\.00 \/0\.00 @:0 B@:0$/);
  });

  it('counts from the number that M110 sets when it runs, not when it is read', () => {
    const host = ModelHost.booted();
    host.send(`M110 N0\n${numbered(1, 'G21')}`);
    expect(host.model.nextDueMs()).toBe(Infinity);
    // N1 was read before the unnumbered M110 ran: now 1 is expected again.
    expect(host.ask(numbered(2, 'G21').trim())).toEqual([
      'Error:Line Number is not Last Line Number+1, Last Line: 0',
      'Resend: 1',
      'ok',
    ]);
  });

  it('is an error, a resend and an ok for a bad line', () => {
    const host = ModelHost.booted();
    host.ask('M110 N6');
    expect(host.ask('N7 M105*1')).toEqual(['Error:checksum mismatch, Last Line: 6', 'Resend: 7', 'ok']);
    expect(host.ask('N7 M105')).toEqual(['Error:No Checksum with line number, Last Line: 6', 'Resend: 7', 'ok']);
    expect(host.ask(numbered(7, 'G21').trim())).toEqual(['ok']);
    expect(host.model.figures).toMatchObject({ resendRequests: 2, accepted: 2, ran: 2 });
  });

  it('of a repeated line is silence on 2.1.2 and an error on 1.1.9', () => {
    const silent = ModelHost.booted();
    silent.ask(numbered(1, 'G21').trim());
    silent.send(numbered(1, 'G21')).run(1_000);
    expect(silent.lines).toEqual(['ok']);
    expect(silent.model.figures.droppedRepeats).toBe(1);
    const loud = ModelHost.booted({ firmware: 'marlin-1.1' });
    loud.ask(numbered(1, 'G21').trim());
    expect(loud.ask(numbered(1, 'G21').trim())[1]).toBe('Resend: 2');
  });
});

describe('line numbers', () => {
  it('overflow as the board counts', () => {
    const board = ModelHost.booted({ firmware: 'marlin-1.1' });
    board.ask('M110 N2147483647');
    expect(board.ask(numbered(2_147_483_648, 'G21').trim())[1]).toBe('Resend: -2147483648');
    const big = ModelHost.booted();
    big.ask('M110 N2147483647');
    expect(big.ask(numbered(2_147_483_648, 'G21').trim())).toEqual(['ok']);
  });

  it('are set by any numbered line that speaks of M110', () => {
    const host = ModelHost.booted();
    expect(host.ask(numbered(70, 'M117 see M110').trim())).toEqual(['ok']);
    expect(host.ask(numbered(71, 'G21').trim())).toEqual(['ok']);
    expect(host.ask(numbered(5, 'M110 N-2').trim())).toEqual(['ok']);
    expect(host.ask(numbered(-1, 'G21').trim())).toEqual(['ok']);
  });
});

describe('a line', () => {
  it('that lost its number runs unchecked, and again when it is resent', () => {
    const host = ModelHost.booted();
    host.print(['G91', numbered(1, 'G1 X1 F3000').slice(3).trim(), numbered(1, 'G1 X1 F3000').trim(), 'M400']);
    expect(host.ask('M114')[0]).toBe('X:2.00 Y:0.00 Z:0.00 E:0.00 Count X:160 Y:0 Z:0');
  });

  it('is cut at 95 bytes: numbered, it is refused for ever', () => {
    const host = ModelHost.booted({ baudRate: 250_000 });
    const long = numbered(1, `M117 ${'B'.repeat(150)}`).trim();
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(host.ask(long)[0]).toBe('Error:No Checksum with line number, Last Line: 0');
    }
    host.ask(`M118 ${'C'.repeat(150)}`);
    expect(host.oracle.commands).toEqual([`M118 ${'C'.repeat(90)}`]);
  });

  it('may escape characters, and on Marlin 2 erase them', () => {
    const host = ModelHost.booted();
    host.print(['M118 a\\;b', 'M118 ab\bc']);
    expect(host.oracle.commands).toEqual(['M118 a;b', 'M118 ac']);
    const old = ModelHost.booted({ firmware: 'marlin-1.1' });
    old.print(['M118 ab\bc']);
    expect(old.oracle.commands).toEqual(['M118 ab\bc']);
    expect(ModelHost.booted().ask('\bG21')).toEqual(['ok']);
  });
});
