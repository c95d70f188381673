import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspectGcode } from '../../src/gcode/inspect-gcode.js';
import { MotionTracker } from '../../src/gcode/motion-tracker.js';
import { openGcode } from '../../src/gcode/open-gcode.js';

const samples = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
const present = existsSync(samples);
if (!present) console.warn(`skipped: the sliced samples are not in ${samples}`);

/** Profiles whose end script leaves the bed on, or leaves it to a macro of the firmware. */
const leavesHeat = /^(cube20-(klipper|crlf|marlin-absolute)|cylinder-reprap)/;

/** Commands, layers, s, and filament as the slicer counts it, mm; the start and end scripts are not in its count. */
const whole = [
  ['cube20-crlf.gcode', 1755, 66, 584, 761.84],
  ['cube20-klipper-macros.gcode', 6839, 99, 1148, 1504.88],
  ['cube20-marlin-absolute-e.gcode', 1755, 66, 584, 761.84],
  ['cube20-marlin2.gcode', 6800, 99, 1220, 1504.88 + 21.5],
  ['cylinder-reprapfirmware.gcode', 55_188, 149, 2234, 3334.53],
  ['temp-tower-marlin2.gcode', 64_063, 473, 9383, 5814.42 + 21.5],
  ['temp-tower-marlin2.gcode.gz', 64_063, 473, 9383, 5814.42 + 21.5],
  ['vase-spiral-marlin2.gcode', 201_636, 449, 3859, 3771.45 + 21.5],
] as const;

describe.skipIf(!present)('sliced samples', () => {
  it.each(whole)('%s', async (name, commands, layers, estimatedSeconds, filamentMm) => {
    const info = await inspectGcode(samples + name);
    expect(info).toMatchObject({ slicer: 'PrusaSlicer 2.5.0', commands, layers, estimatedSeconds });
    const tracker = new MotionTracker();
    let count = 0;
    let layer = 0;
    for await (const batch of openGcode(samples + name))
      for (const line of batch) {
        tracker.feed(line.text);
        count += 1;
        ({ layer } = line);
      }
    expect({ count, layer }).toEqual({ count: commands, layer: layers });
    // Between a retraction and the end of the file the slicer counts differently by the retracted length.
    expect(Math.abs(tracker.extruded - filamentMm)).toBeLessThan(5);
    expect(tracker.heaters.isAnyOn).toBe(leavesHeat.test(name));
  });

  it('the cut-short file is found', async () => {
    await expect(inspectGcode(`${samples}cube20-cut-short.gcode`)).rejects.toMatchObject({ code: 'FILE_CUT_SHORT' });
  });

  it.each(['temp-tower.bgcode', 'cube20-cut-short.bgcode'])('%s is told to be binary', async (name) => {
    await expect(inspectGcode(samples + name)).rejects.toThrow(/FILE_UNREADABLE.*binary G-code/);
  });
});
