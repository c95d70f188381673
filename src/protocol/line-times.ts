/** Times in ms by which the line machine judges silence. */
export interface LineTimes {
  /** Time that one byte takes on the wire: 10 bits at the baud rate. */
  readonly perByteMs: number;
  /** Quiet after a resend request before lines go out again, beyond the wire time of what was in flight. */
  readonly settleMs: number;
  /** No acknowledgement for this long: ask with a numbered M105. Each further question waits longer. */
  readonly askAfterMs: number;
  /** Nothing heard at all for this long, while no command in flight may take minutes: the link is dead. */
  readonly silenceMs: number;
  /**
   * The same while such a command is in flight (homing, heating, a dwell); also the longest time without an acknowledgement or a word
   * that the firmware is busy, whatever else is heard.
   */
  readonly longSilenceMs: number;
}

export const defaultLineTimes = (baudRate: number): LineTimes => ({
  perByteMs: 10_000 / baudRate,
  settleMs: 15,
  askAfterMs: 250,
  silenceMs: 30_000,
  longSilenceMs: 15 * 60_000,
});
