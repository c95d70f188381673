/** A stream of pseudo-random numbers in [0, 1): the same seed gives the same stream, on every machine. */
export type Random = () => number;

/** A 32-bit counter through a mixing function (the scheme of SplitMix); good enough to place faults, not for secrets. */
export const seededRandom = (seed: number): Random => {
  let counter = seed | 0;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let mixed = counter ^ (counter >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 0x1_0000_0000;
  };
};

/** A whole number in [0, limit). */
export const randomBelow = (random: Random, limit: number): number => Math.floor(random() * limit);
