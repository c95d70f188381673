export interface Park {
  readonly raise_mm: number;
  readonly x_mm?: number | undefined;
  readonly y_mm?: number | undefined;
  readonly feed_mm_min: number;
}

/** Speed of the way up, mm/min: slow enough for lead screws. */
const raiseFeed = 600;

/**
 * Up from wherever the head is, as the printer may not know where that is; sideways only if the profile names a place, for a printer
 * that was not homed would go somewhere else. Leaves absolute positions on.
 */
const away = ({ raise_mm, x_mm, y_mm, feed_mm_min }: Park): string[] => [
  ...(raise_mm > 0 ? ['G91', `G1 Z${raise_mm} F${raiseFeed}`] : []),
  'G90',
  ...(x_mm === undefined || y_mm === undefined ? [] : [`G1 X${x_mm} Y${y_mm} F${feed_mm_min}`]),
];

export const defaultPauseScript = (park: Park): string[] => away(park);

/** Heat goes first: nothing after it may keep it on. */
export const defaultCancelScript = (park: Park): string[] => ['M104 S0', 'M140 S0', 'M107', ...away(park), 'M84'];
