import type { MotionTracker } from '../gcode/motion-tracker.js';

/** Travel on the way back, mm/min. */
const travelFeed = 6000;

const mm = (value: number): string => String(Math.round(value * 100_000) / 100_000);

/**
 * Brings the head back to where the file left it and restores the modes that a pause script may have changed. Sideways first, then
 * down, so that the nozzle does not plough through the part. Axes whose position the file never told are left alone.
 */
export const restorePosition = (motion: MotionTracker): readonly string[] => {
  const { x, y, z, e, feedRate } = motion;
  const sideways = [x === undefined ? '' : ` X${mm(x)}`, y === undefined ? '' : ` Y${mm(y)}`].join('');
  return [
    'G90',
    ...(sideways === '' ? [] : [`G1${sideways} F${travelFeed}`]),
    ...(z === undefined ? [] : [`G1 Z${mm(z)} F600`]),
    `G92 E${mm(e)}`,
    motion.absoluteXyz ? 'G90' : 'G91',
    motion.absoluteE ? 'M82' : 'M83',
    ...(feedRate === undefined ? [] : [`G1 F${mm(feedRate)}`]),
  ];
};
