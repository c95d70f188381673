import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectGcode } from '../../src/gcode/inspect-gcode.js';
import { sharedFiles } from '../support/shared-folder.js';
import { printOverPty } from './print-rig.js';

const exact = { exact: true, lost: 0, doubled: 0, misordered: 0, corrupted: 0 };
const samples = sharedFiles('samples', /\.gcode$/).filter((path) => !path.includes('cut-short'));
/** The two large ones are printed by `npm run soak:samples`, with and without faults. */
const small = samples.filter((path) => !/vase|temp-tower/.test(path));

describe.skipIf(samples.length === 0)('sliced files over a pseudo-terminal', () => {
  it.each(small.map((path) => [basename(path), path]))('%s: each line once and in order', async (_, path) => {
    const { outcome, ran } = await printOverPty(path);
    expect(outcome).toMatchObject({ type: 'done', figures: { resent: 0, oksLost: 0 } });
    expect(ran).toMatchObject(exact);
  });

  it.each(samples.filter((path) => /absolute-e|crlf/.test(path)).map((path) => [basename(path), path]))(
    '%s: the same with 1 %% corrupt lines and every 500th ok lost',
    async (_, path) => {
      const { outcome, ran, report } = await printOverPty(path, { faults: { corruptRate: 0.01, dropOkEvery: 500 } });
      expect(outcome.type).toBe('done');
      expect(ran).toMatchObject(exact);
      expect(report.resendRequests).toBeGreaterThan(5);
      expect(outcome.figures.oksLost).toBeGreaterThan(0);
    },
  );

  it('a file that was cut short is refused before anything is heated', async () => {
    const [cut] = sharedFiles('samples', /cut-short\.gcode$/);
    await expect(inspectGcode(cut!)).rejects.toMatchObject({ code: 'FILE_CUT_SHORT' });
  });
});
