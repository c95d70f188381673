import fc from 'fast-check';
import type { WindowLimits } from '../../../src/protocol/in-flight.js';
import type { FaultSettings } from '../../../src/simulator/fault-settings.js';
import type { CoSimulationOptions } from './co-simulation.js';
import type { WireDamage } from './wire-damage.js';

/** A file in which no command is like another, of what slicers write: moves, messages, reports, dwells. */
export const printedFile = (lines: number): string[] =>
  Array.from({ length: lines }, (_, index) => {
    if (index % 13 === 12) return `G4 P${index}`;
    if (index % 11 === 5) return `G92 X${index} Y${index}.5`;
    if (index % 7 === 3) return `M117 line ${index} of a file`;
    const move = `G1 X${index % 200}.25 Y${(index * 7) % 200}.5 E${index}.0425`;
    return index % 5 === 0 ? `${move} F6000 ;`.slice(0, -2) : move;
  });

const rarely = (most: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.double({ min: 0, max: most, noNaN: true }) },
  );

const now = (first: number): fc.Arbitrary<number | undefined> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: first, max: 60 }) },
  );

/** Damage on the way to the printer. */
export const wireDamage: fc.Arbitrary<WireDamage> = fc.record({
  flippedBit: rarely(0.08),
  lostByte: rarely(0.04),
  lostNewline: rarely(0.04),
  lostPrefix: rarely(0.02),
  lostLine: rarely(0.02),
});

/** Replies that come to harm without one too many. */
export const lostReplies: fc.Arbitrary<FaultSettings> = fc
  .record(
    {
      dropOkRate: rarely(0.08),
      partialOkEvery: now(10),
      glueOkEvery: now(10),
      glueLinesEvery: now(5),
      garbageRate: rarely(0.1),
      swallowResendEvery: now(2),
    },
    { requiredKeys: ['dropOkRate', 'garbageRate'] },
  )
  .map((faults) => Object.fromEntries(Object.entries(faults).filter(([, value]) => value !== undefined)));

const slowCommands: fc.Arbitrary<CoSimulationOptions['slow']> = fc.option(
  fc.record({ every: fc.integer({ min: 7, max: 40 }), ms: fc.integer({ min: 10, max: 9000 }), busy: fc.boolean() }),
  { nil: undefined },
);

/** A window that suits the firmware: at most one line less than its queue, and no more bytes than its ring holds. */
const sizes = fc
  .record({
    bufSize: fc.integer({ min: 2, max: 8 }),
    ring: fc.integer({ min: 63, max: 127 }),
    lines: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ bufSize, ring, lines }) => ({
    bufSize,
    rxBuffer: ring + 1,
    window: { bytes: ring, lines: Math.min(lines, Math.max(1, bufSize - 1)) } satisfies WindowLimits,
  }));

/** One random meeting of a host, a wire and a firmware. */
export const meeting = (parts: {
  damage?: fc.Arbitrary<WireDamage>;
  faults?: fc.Arbitrary<FaultSettings>;
}): fc.Arbitrary<CoSimulationOptions> =>
  fc
    .record({
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      lines: fc.integer({ min: 1, max: 90 }),
      sizes,
      firmware: fc.constantFrom('marlin-1.1' as const, 'marlin-2.1' as const),
      advancedOk: fc.boolean(),
      speed: fc.constantFrom(1, 10, 100),
      latencyMs: fc.constantFrom(0, 0, 2, 20),
      baudRate: fc.constantFrom(115_200, 250_000, 1_000_000),
      pieceBytes: fc.integer({ min: 1, max: 64 }),
      jitterMs: fc.constantFrom(0, 0.5, 4),
      pollMs: fc.constantFrom(undefined, 500, 2000),
      autoReports: fc.boolean(),
      damage: parts.damage ?? fc.constant({}),
      faults: parts.faults ?? fc.constant({}),
      slow: slowCommands,
    })
    .map(
      ({
        lines,
        sizes: { bufSize, rxBuffer, window },
        firmware,
        advancedOk,
        speed,
        latencyMs,
        autoReports,
        slow,
        ...rest
      }) => ({
        seed: rest.seed,
        commands: [...(autoReports && speed === 1 ? ['M155 S1'] : []), ...printedFile(lines)],
        firmware: { firmware, advancedOk, speed, latencyMs, bufSize, rxBuffer },
        window,
        baudRate: rest.baudRate,
        pieceBytes: rest.pieceBytes,
        jitterMs: rest.jitterMs,
        pollMs: rest.pollMs,
        damage: rest.damage,
        faults: rest.faults,
        slow,
      }),
    );
