import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoSimulation, type CoSimulationOptions } from '../support/protocol/co-simulation.js';
import { lostReplies, meeting, printedFile, wireDamage } from '../support/protocol/fault-schedule.js';

/** A run that fails is printed with its seed and its smallest counterexample; `seed` and `path` bring it back. */
const runs = (numRuns: number): fc.Parameters<unknown> => ({ numRuns });

const print = (options: CoSimulationOptions): CoSimulation => new CoSimulation(options).run().settle();

/** What must hold of every print, whatever happened to it. */
const expectComplete = (sim: CoSimulation): void => {
  expect(sim.fault).toBeUndefined();
  expect(sim.isDone).toBe(true);
  expect(sim.outcome().missing).toEqual([]);
};

describe('each line runs once and in order', () => {
  it('over a clean wire, with no line too many on its way', () => {
    fc.assert(
      fc.property(meeting({}), (options) => {
        const sim = print(options);
        expectComplete(sim);
        expect(sim.outcome().extra).toEqual([]);
        expect(sim.invented).toBe(0);
        expect(sim.model.figures.overflowedBytes).toBe(0);
        expect(sim.model.figures.resendRequests).toBe(0);
      }),
      runs(100),
    );
  });

  it('when replies are lost, cut, glued or drowned in noise', () => {
    fc.assert(
      fc.property(meeting({ faults: lostReplies }), (options) => {
        const sim = print(options);
        expectComplete(sim);
        expect(sim.outcome().extra).toEqual([]);
        expect(sim.invented).toBe(0);
        expect(sim.model.figures.overflowedBytes).toBe(0);
      }),
      runs(150),
    );
  });

  it('when lines are damaged on their way as well; only what lost its number may run beside them', () => {
    fc.assert(
      fc.property(meeting({ faults: lostReplies, damage: wireDamage }), (options) => {
        const sim = print(options);
        expectComplete(sim);
        // A numbered line runs once, so whatever else ran came through as a piece: at most one for each damaged line and each flush.
        const { damaged } = sim;
        expect(sim.outcome().extra.length).toBeLessThanOrEqual(damaged + sim.model.figures.resendRequests);
        expect(sim.model.figures.overflowedBytes).toBe(0);
        if (damaged === 0) expect(sim.outcome().extra).toEqual([]);
      }),
      runs(300),
    );
  });

  it('with one line in flight a damaged line never makes another one run twice', () => {
    const oneLine = meeting({ damage: fc.record({ flippedBit: fc.double({ min: 0, max: 0.1, noNaN: true }) }) });
    fc.assert(
      fc.property(oneLine, (options) => {
        const sim = print({ ...options, window: { bytes: options.window?.bytes ?? 127, lines: 1 } });
        expectComplete(sim);
        // What a flipped bit makes of the letter N is no command: it is echoed, not run.
        expect(sim.outcome().extra.filter((command) => options.commands.includes(command))).toEqual([]);
      }),
      runs(100),
    );
  });

  it('when oks come twice; the count is right again after the next question', () => {
    const every = fc.integer({ min: 3, max: 60 });
    fc.assert(
      fc.property(meeting({}), every, (options, doubledOkEvery) => {
        // A print ends with a question, as its last oks may be one too many.
        const commands = ['M105', ...options.commands, 'M400', 'M105'];
        const sim = print({ ...options, commands, doubledOkEvery, pollMs: 1000 });
        expectComplete(sim);
        // One line too many may overrun a small ring, and a piece of it may run.
        if (sim.model.figures.overflowedBytes === 0) expect(sim.outcome().extra).toEqual([]);
        expect(sim.machine?.acknowledged).toBe(sim.model.lastLineNumber);
      }),
      runs(100),
    );
  });
});

describe('a lost ok', () => {
  it('is found in less than a second when the firmware has nothing else to do', () => {
    const lost = fc.record({ dropOkEvery: fc.integer({ min: 6, max: 90 }) });
    fc.assert(
      fc.property(meeting({ faults: lost }), (options) => {
        const sim = print({ ...options, slow: undefined, firmware: { ...options.firmware, speed: 100 } });
        expectComplete(sim);
        // The answer of the question must not be lost as well.
        fc.pre(sim.model.faults.every(({ struck }) => struck === 1));
        const silences = sim.notices.flatMap((notice) => (notice.type === 'ok-lost' ? [notice.silentMs] : []));
        expect(Math.max(0, ...silences)).toBeLessThan(1000);
      }),
      runs(100),
    );
  });
});

describe('what cannot be cured ends with its code', () => {
  const commands = printedFile(60);
  it.each([
    ['a reset', { resetAtLine: 20 }, 'PRINTER_RESET'],
    ['a reset without a word', { silentResetAtLine: 20 }, 'PRINTER_RESET'],
    ['thermal runaway', { thermalRunawayAtLine: 20 }, 'THERMAL_FAULT'],
    ['a firmware that hangs', { silentAtLine: 20 }, 'LINK_SILENT'],
  ])('%s', (_, faults, code) => {
    for (const firmware of ['marlin-1.1', 'marlin-2.1'] as const) {
      const sim = new CoSimulation({ commands, faults, firmware: { firmware, speed: 10 } }).run();
      expect(sim.fault).toBe(code);
      expect(sim.isDone).toBe(false);
    }
  });

  it('a wire on which no line arrives whole', () => {
    const sim = new CoSimulation({ commands, damage: { flippedBit: 1 } }).run();
    expect(['RESEND_STORM', 'LINK_SILENT']).toContain(sim.fault);
  });
});
