import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoSimulation, type CoSimulationOptions } from '../support/protocol/co-simulation.js';
import { lostReplies, meeting, wireDamage } from '../support/protocol/fault-schedule.js';

/** A run that fails is printed with its seed and its smallest counterexample; `seed` and `path` bring it back. */
const runs = (numRuns: number): fc.Parameters<unknown> => ({ numRuns, verbose: 0 });

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

  it('when lines are damaged on their way as well', () => {
    fc.assert(
      fc.property(meeting({ faults: lostReplies, damage: wireDamage }), (options) => {
        const sim = print(options);
        expectComplete(sim);
      }),
      runs(300),
    );
  });
});
