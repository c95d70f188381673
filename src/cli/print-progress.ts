import type { Progress } from './terminal/progress-view.js';
import { clockText } from './terminal/times.js';

/** What is known of a print, from a printer or from a job's meta. */
export interface PrintFacts {
  readonly phase?: string | undefined;
  readonly percent?: number | undefined;
  readonly line?: number | undefined;
  readonly lines?: number | undefined;
  readonly layer?: number | undefined;
  readonly layers?: number | undefined;
  readonly etaMs?: number | undefined;
  readonly temperatures?:
    Readonly<Record<string, { readonly current: number; readonly target?: number | undefined }>> | undefined;
}

/** How far a print is, for a progress view. */
export const printProgress = (facts: PrintFacts): Progress => {
  const { phase = 'waiting', percent = 0, line, lines, layer, layers, etaMs } = facts;
  return {
    percent,
    phase,
    parts: [
      phase === 'printing' ? '' : phase,
      etaMs === undefined || phase !== 'printing' ? '' : `${clockText(etaMs)} left`,
      temperatureText(facts.temperatures, { brief: true }),
      layer === undefined ? '' : `layer ${layer}${layers === undefined ? '' : `/${layers}`}`,
      line === undefined ? '' : `line ${line}${lines === undefined ? '' : `/${lines}`}`,
    ],
  };
};

const heaterName = (letter: string): string =>
  letter === 'T' || letter === 'T0' ? 'nozzle' : letter === 'B' ? 'bed' : letter;

const heaterRank = (letter: string): number => (letter.startsWith('T') ? 0 : 1);

/** Nearer than this a heater counts as warm, degrees C. */
const warmWithin = 3;

/** `nozzle 214/215° bed 60/60°`; a heater that is off shows its reading alone, with `brief` one that is warm as well. */
export const temperatureText = (temperatures: PrintFacts['temperatures'] = {}, { brief = false } = {}): string => {
  // Postgres sorts the keys of what it stores; people look for the nozzle first.
  const letters = Object.keys(temperatures).sort((a, b) => heaterRank(a) - heaterRank(b) || a.localeCompare(b));
  return letters
    .filter((letter) => !(letter === 'T' && letters.includes('T0')))
    .map((letter) => {
      const { current, target = 0 } = temperatures[letter] ?? { current: 0 };
      const isAlone = target === 0 || (brief && Math.abs(current - target) < warmWithin);
      return `${heaterName(letter)} ${Math.round(current)}${isAlone ? '' : `/${target}`}°`;
    })
    .join(' ');
};
