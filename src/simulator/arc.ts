/** An arc of G2 or G3 in the XY plane, in mm. */
export interface Arc {
  /** Length of the path, the rise in Z included. */
  readonly lengthMm: number;
  /** Blocks that the firmware makes of it (MM_PER_ARC_SEGMENT 1), at least 1. */
  readonly segments: number;
}

export interface ArcEnds {
  readonly dx: number;
  readonly dy: number;
  readonly dz: number;
  /** From the start to the centre. */
  readonly i: number;
  readonly j: number;
  /** Instead of a centre; negative takes the long way round. */
  readonly radius: number | undefined;
  readonly clockwise: boolean;
}

const SEGMENT_MM = 1;

/** The arc between two points; undefined when there is none (no centre, or a radius too short to reach the end). */
export const arcOf = (ends: ArcEnds): Arc | undefined => {
  const centre = ends.radius === undefined ? { x: ends.i, y: ends.j } : centreOf(ends, ends.radius);
  if (!centre || (centre.x === 0 && centre.y === 0)) return undefined;
  const radius = Math.hypot(centre.x, centre.y);
  const from = Math.atan2(-centre.y, -centre.x);
  const to = Math.atan2(ends.dy - centre.y, ends.dx - centre.x);
  let turn = ends.clockwise ? from - to : to - from;
  // The same point at both ends is a whole circle.
  while (turn <= 1e-9) turn += 2 * Math.PI;
  const lengthMm = Math.hypot(turn * radius, ends.dz);
  return { lengthMm, segments: Math.max(1, Math.floor(lengthMm / SEGMENT_MM)) };
};

const centreOf = ({ dx, dy, clockwise }: ArcEnds, radius: number): { x: number; y: number } | undefined => {
  const chord = Math.hypot(dx, dy);
  const height = radius * radius - (chord * chord) / 4;
  if (chord === 0 || height < 0) return undefined;
  const side = clockwise === radius < 0 ? 1 : -1;
  const reach = (side * Math.sqrt(height)) / chord;
  return { x: dx / 2 - dy * reach, y: dy / 2 + dx * reach };
};
