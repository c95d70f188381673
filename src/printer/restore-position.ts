import type { MotionTracker } from '../gcode/motion-tracker.js';

/** Travel on the way back, mm/min. */
const travelFeed = 6000;

const mm = (value: number): string => String(Math.round(value * 100_000) / 100_000);

/**
 * Brings the head back to where the file left it and restores the modes that a pause script may have changed. Sideways first, then
 * down, so that the nozzle does not plough through the part. Only for a print that has extruded: before that the file's position may
 * be that of homing, which the file cannot know.
 */
export const restorePosition = (motion: MotionTracker): readonly string[] => {
  const { x, y, z, e } = motion.position;
  return [
    'G90',
    `G1 X${mm(x)} Y${mm(y)} F${travelFeed}`,
    `G1 Z${mm(z)} F600`,
    `G92 E${mm(e)}`,
    motion.isRelative ? 'G91' : 'G90',
    motion.isExtruderRelative ? 'M83' : 'M82',
    ...(motion.feedRate > 0 ? [`G1 F${mm(motion.feedRate)}`] : []),
  ];
};
