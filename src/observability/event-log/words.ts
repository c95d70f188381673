/** `85 ms`, `1.2 s`, `4 min 5 s`, `3 h 12 min`. */
export const duration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** `, Z 0.2 mm`, or nothing where the height is not known. */
export const height = (z: number | undefined): string => (z === undefined ? '' : `, Z ${z} mm`);

/** `12 of 340`, or `12` where the whole is not known. */
export const ofAll = (count: number, all: number | undefined): string =>
  all === undefined ? `${count}` : `${count} of ${all}`;
