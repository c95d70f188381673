import { describe, expect, it } from 'vitest';
import { RxRing } from '../../src/simulator/rx-ring.js';
import { ModelHost } from './model-host.js';

describe('the receive ring', () => {
  it('holds one byte less than its size and counts what it loses', () => {
    const ring = new RxRing(8);
    ring.push(Buffer.from('abcdefghij'));
    expect(ring.length).toBe(ring.capacity);
    expect(ring.overflowed).toBe(3);
    expect(Array.from({ length: 8 }, () => ring.shift())).toEqual([...Buffer.from('abcdefg'), -1]);
    ring.push(Buffer.from('wrap'));
    expect(ring.shift()).toBe('w'.charCodeAt(0));
    ring.clear();
    expect(ring.shift()).toBe(-1);
  });

  it('of 128 loses what a burst brings beyond 127 bytes', () => {
    const host = ModelHost.booted();
    host.send('G4 S1\n'.repeat(30));
    expect(host.model.figures.overflowedBytes).toBe(180 - 127);
    expect(host.model.figures.maxInFlightBytes).toBe(127);
  });

  it('is not read while the queue is full: lines behind it wait in the ring', () => {
    const host = ModelHost.booted({ bufSize: 4 });
    host.send('G4 P100\n'.repeat(4));
    host.send('M105\n'.repeat(20));
    expect(host.model.figures.accepted).toBe(4);
    host.send('M105\n'.repeat(10));
    expect(host.model.figures.overflowedBytes).toBe(23);
    host.run(500);
    expect(host.model.figures.accepted).toBe(4 + 25);
  });

  it('without a limit loses nothing', () => {
    const host = ModelHost.booted({ rxBuffer: 0 });
    host.send('G21\n'.repeat(5_000));
    expect(host.model.figures).toMatchObject({ overflowedBytes: 0, ran: 5_000, receivedBytes: 20_000 });
  });

  it('is emptied by a refused line: the rest of a cut line runs as one of its own', () => {
    const host = ModelHost.booted();
    host.send('N1 G21*1\nN2 G21*2\nN3 M1').send('18 piece\n');
    expect(host.lines.filter((line) => line.startsWith('Resend'))).toEqual(['Resend: 1']);
    expect(host.lines).toContain('echo:Unknown command: "18 piece"');
  });
});

describe('the wire', () => {
  it('brings bytes at the baud rate: 10 bits each', () => {
    const host = ModelHost.booted({ baudRate: 10_000 });
    const began = host.now;
    host.ask(`M117 ${'x'.repeat(44)}`);
    expect(host.now - began).toBeCloseTo(50, 6);
    host.send('G21\nG21\n').send('G21\n');
    host.run(11);
    expect(host.lines).toHaveLength(1 + 2);
    host.run(2);
    expect(host.lines).toHaveLength(1 + 3);
  });

  it('gives a paced burst to a firmware that reads meanwhile', () => {
    const host = ModelHost.booted({ baudRate: 115_200 });
    host.send('G92 E0\n'.repeat(60)).run(1_000);
    expect(host.model.figures).toMatchObject({ overflowedBytes: 0, ran: 60 });
  });

  it('delays each reply by the latency, however many are under way', () => {
    const host = ModelHost.booted({ latencyMs: 5 });
    host.send('G21\n').run(1);
    host.send('G21\n').run(3.9);
    expect(host.lines).toEqual([]);
    host.run(0.2);
    expect(host.lines).toEqual(['ok']);
    host.run(1);
    expect(host.lines).toEqual(['ok', 'ok']);
    expect(host.received.map(({ ms }) => ms - 205)).toEqual([expect.closeTo(5, 6), expect.closeTo(6, 6)]);
  });
});
