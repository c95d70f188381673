import { describe, expect, it } from 'vitest';
import { MotionTracker } from '../../src/gcode/motion-tracker.js';
import { restorePosition } from '../../src/printer/restore-position.js';

const after = (...commands: string[]): readonly string[] => {
  const motion = new MotionTracker();
  for (const command of commands) motion.feed(command);
  return restorePosition(motion);
};

describe('the way back after a pause', () => {
  it('goes sideways first, then down, and restores the modes and the feed rate', () => {
    expect(after('M82', 'G1 X10 Y20.5 Z0.3 E1.25 F1800')).toEqual([
      'G90',
      'G1 X10 Y20.5 F6000',
      'G1 Z0.3 F600',
      'G92 E1.25',
      'G90',
      'M82',
      'G1 F1800',
    ]);
  });

  it('restores relative modes, and no feed rate that was never set', () => {
    expect(after('G91', 'M83', 'G1 X10').slice(-2)).toEqual(['G91', 'M83']);
  });
});
