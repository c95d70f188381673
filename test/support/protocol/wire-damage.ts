import { type Random, randomBelow } from '../../../src/simulator/random.js';

/** What happens to the host's lines on their way, each with its chance for one line, 0 to 1. */
export interface WireDamage {
  readonly flippedBit?: number;
  readonly lostByte?: number;
  readonly lostNewline?: number;
  readonly lostPrefix?: number;
  /** The whole line vanishes. */
  readonly lostLine?: number;
}

type Damage = (line: string, random: Random) => string;

const damages: Readonly<Record<keyof WireDamage, Damage>> = {
  flippedBit: (line, random) => {
    const at = randomBelow(random, line.length);
    const flipped = line.charCodeAt(at) ^ (1 << randomBelow(random, 7));
    return line.slice(0, at) + String.fromCharCode(flipped) + line.slice(at + 1);
  },
  lostByte: (line, random) => {
    const at = randomBelow(random, line.length);
    return line.slice(0, at) + line.slice(at + 1);
  },
  lostNewline: (line) => line.slice(0, -1),
  lostPrefix: (line) => line.replace(/^N\d+ /, ''),
  lostLine: () => '',
};

/** Damages at most one thing of a line, so that the checksum, an XOR, cannot be deceived. */
export const damagedLine = (line: string, damage: WireDamage, random: Random): string => {
  for (const [kind, chance] of Object.entries(damage)) {
    if (random() < chance) return damages[kind as keyof WireDamage](line, random);
  }
  return line;
};
