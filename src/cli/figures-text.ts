import type { PrintFigures } from '../events/printer-events.js';
import type { Colours } from './terminal/colour.js';
import { factsText } from './terminal/facts-text.js';

const count = (value: number): string => value.toLocaleString('en');

/** The books of a print for people. `more` is put beneath. */
export const figuresText = (
  figures: PrintFigures,
  colours: Colours,
  more: readonly (readonly [string, string | undefined])[] = [],
): string => {
  const { sent, acknowledged, resent, resendRequests, oksLost, wallMs } = figures;
  return factsText(
    [
      ['lines sent', count(sent)],
      ['acknowledged', count(acknowledged)],
      [
        'sent again',
        resendRequests === 0 ? count(resent) : `${count(resent)} (asked for ${count(resendRequests)} times)`,
      ],
      ['oks lost', oksLost === 0 ? '0' : `${count(oksLost)} (made good)`],
      ['wall time', `${(wallMs / 1000).toFixed(1)} s`],
      ...more,
    ],
    colours,
  );
};
