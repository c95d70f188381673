export const resolutions = ['1min', '5min', '1hour', '1day'] as const;
export type Resolution = (typeof resolutions)[number];

interface ResolutionShape {
  /** Length of a bucket, ms; each begins at a whole multiple since the epoch, in UTC. */
  readonly bucketMs: number;
  /** How many buckets a row keeps. */
  readonly points: number;
}

const minute = 60_000;

/** Chancy's resolutions (wire contract, section 12). */
export const resolutionShapes: Readonly<Record<Resolution, ResolutionShape>> = {
  '1min': { bucketMs: minute, points: 60 },
  '5min': { bucketMs: 5 * minute, points: 288 },
  '1hour': { bucketMs: 60 * minute, points: 168 },
  '1day': { bucketMs: 1440 * minute, points: 90 },
};

/** The beginning of the bucket that holds a time, ms since the epoch. */
export const bucketStart = (resolution: Resolution, time: number): number => {
  const { bucketMs } = resolutionShapes[resolution];
  return Math.floor(time / bucketMs) * bucketMs;
};
