/** What the model counts; nothing is reset by a reset of the board. */
export interface Figures {
  /** Lines that entered the command queue. */
  accepted: number;
  /** Commands that ran. */
  ran: number;
  /** Trios of Error, Resend and ok. */
  resendRequests: number;
  /** Lines that were passed over as repeats. */
  droppedRepeats: number;
  /** Bytes that found no room in the receive ring. */
  overflowedBytes: number;
  /** Most bytes that were ever held unexecuted: ring, line and queue. */
  maxInFlightBytes: number;
  /** Bytes that came from the host. */
  receivedBytes: number;
  resets: number;
  /** kill() calls. */
  halts: number;
}

export const zeroFigures = (): Figures => ({
  accepted: 0,
  ran: 0,
  resendRequests: 0,
  droppedRepeats: 0,
  overflowedBytes: 0,
  maxInFlightBytes: 0,
  receivedBytes: 0,
  resets: 0,
  halts: 0,
});
