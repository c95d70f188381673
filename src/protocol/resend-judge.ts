import type { InFlight } from './in-flight.js';
import type { LinkFault } from './notice.js';

/** Resend requests in a row without an acknowledgement of a new line before the link is given up as too noisy. */
const resendLimit = 10;

/** The same for requests that come while nothing is sent: each line in flight may cause one, and so may each piece of a cut line. */
const absorbLimit = 64;

/** No count of acknowledgements can be wrong by so many: a request for a line so far back was garbled, or the firmware was reset. */
const implausibleGap = 16;

export type ResendVerdict = 'follow' | 'ignore' | { readonly code: LinkFault; readonly text: string };

/** Decides whether a resend request can be what the firmware said, and when there were too many of them. */
export class ResendJudge {
  #requests = 0;
  #absorbed = 0;
  #implausible = -1;

  /** Requests since the last acknowledgement of a new line. */
  get requests(): number {
    return this.#requests;
  }

  /** A new line was acknowledged. */
  progressed(): void {
    this.#requests = 0;
    this.#absorbed = 0;
  }

  /** The same request came again before anything was sent. */
  absorb(number: number): ResendVerdict {
    this.#absorbed += 1;
    return this.#absorbed > absorbLimit ? { code: 'RESEND_STORM', text: `line ${number}, without end` } : 'ignore';
  }

  /**
   * `lastLine` is the last line that the firmware took, as its error said. A number that was garbled on its way is ignored: the next
   * question brings the right one. A firmware that means it is not the one that took the lines before.
   */
  judge(number: number, lastLine: number | undefined, flight: InFlight<unknown>): ResendVerdict {
    this.#requests += 1;
    if (this.#requests > resendLimit) {
      return { code: 'RESEND_STORM', text: `line ${number}, ${resendLimit} requests without a line taken` };
    }
    if (lastLine !== undefined && lastLine + 1 !== number) return 'ignore';
    if (number > flight.lastNumbered) return 'ignore';
    const isReset = number === 1 && lastLine === 0 && flight.acknowledged > 1;
    if (!isReset && flight.get(number) && number + implausibleGap > flight.acknowledged) return 'follow';
    // Said twice, in error and request, or asked for again: it was not garbled.
    const isMeant = lastLine !== undefined || this.#implausible === number;
    this.#implausible = number;
    if (!isMeant) return 'ignore';
    return number <= 1
      ? { code: 'PRINTER_RESET', text: 'the firmware counts lines from 0 again' }
      : { code: 'RESEND_IMPOSSIBLE', text: `line ${number} of ${flight.lastNumbered}` };
  }
}
