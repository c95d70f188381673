import type { Fault } from './fault.js';
import { hangUpAt, heaterDeathAt, resetAt, silenceAt, silentResetAt, thermalRunawayAt } from './faults/at-command.js';
import { Corrupt } from './faults/corrupt.js';
import { LostNewline, LostPrefix } from './faults/lost-bytes.js';
import { doubledOk, droppedOk, gluedOk, partialOk } from './faults/oks.js';
import { Garbage, GluedReply, SwallowedResend } from './faults/replies.js';
import { SlowCommand } from './faults/slow-command.js';
import { seededRandom } from './random.js';

/**
 * Faults on demand. `…Every: n` strikes every nth time, `…Rate: p` with chance p, `…AtLine: n` once, just before the nth command since
 * power-on runs. What is not named does not happen.
 */
export interface FaultSettings {
  /** Flip a bit in a received line. */
  readonly corruptEvery?: number;
  readonly corruptRate?: number;
  /** Lose the `N5 ` of a received line. */
  readonly losePrefixEvery?: number;
  /** Lose the newline of a received line. */
  readonly loseNewlineEvery?: number;
  readonly dropOkEvery?: number;
  readonly dropOkRate?: number;
  readonly duplicateOkEvery?: number;
  readonly duplicateOkRate?: number;
  /** `k` instead of `ok`. */
  readonly partialOkEvery?: number;
  /** The ok stands at the end of a cut temperature report. */
  readonly glueOkEvery?: number;
  /** A reply that is no ok loses its newline. */
  readonly glueLinesEvery?: number;
  readonly garbageEvery?: number;
  readonly garbageRate?: number;
  /** A `Resend:` line is lost; its ok arrives. */
  readonly swallowResendEvery?: number;
  readonly slowCommandEvery?: number;
  /** Simulated ms; 5,000 by default. */
  readonly slowCommandMs?: number;
  /** Whether busy lines come meanwhile; true by default. */
  readonly slowCommandBusy?: boolean;
  readonly resetAtLine?: number;
  /** A reset without `start` and banner. */
  readonly silentResetAtLine?: number;
  readonly hangUpAtLine?: number;
  readonly silentAtLine?: number;
  readonly thermalRunawayAtLine?: number;
  readonly heaterDeathAtLine?: number;
}

/** The faults that the settings ask for; the same seed makes the same faults at the same lines. */
export const faultsFrom = (settings: FaultSettings, seed: number): Fault[] => {
  const random = seededRandom(seed);
  const faults: Fault[] = [];
  const when = <Value>(value: Value | undefined, make: (value: Value) => Fault): void => {
    if (value !== undefined) faults.push(make(value));
  };
  when(settings.corruptEvery, (every) => new Corrupt({ every }, random));
  when(settings.corruptRate, (rate) => new Corrupt({ rate }, random));
  when(settings.losePrefixEvery, (every) => new LostPrefix({ every }, random));
  when(settings.loseNewlineEvery, (every) => new LostNewline({ every }, random));
  when(settings.dropOkEvery, (every) => droppedOk({ every }, random));
  when(settings.dropOkRate, (rate) => droppedOk({ rate }, random));
  when(settings.duplicateOkEvery, (every) => doubledOk({ every }, random));
  when(settings.duplicateOkRate, (rate) => doubledOk({ rate }, random));
  when(settings.partialOkEvery, (every) => partialOk({ every }, random));
  when(settings.glueOkEvery, (every) => gluedOk({ every }, random));
  when(settings.glueLinesEvery, (every) => new GluedReply({ every }, random));
  when(settings.garbageEvery, (every) => new Garbage({ every }, random));
  when(settings.garbageRate, (rate) => new Garbage({ rate }, random));
  when(settings.swallowResendEvery, (every) => new SwallowedResend({ every }, random));
  const { slowCommandMs: ms = 5_000, slowCommandBusy: busy = true } = settings;
  when(settings.slowCommandEvery, (every) => new SlowCommand({ every, ms, busy }, random));
  when(settings.resetAtLine, resetAt);
  when(settings.silentResetAtLine, silentResetAt);
  when(settings.hangUpAtLine, hangUpAt);
  when(settings.silentAtLine, silenceAt);
  when(settings.thermalRunawayAtLine, thermalRunawayAt);
  when(settings.heaterDeathAtLine, heaterDeathAt);
  return faults;
};
