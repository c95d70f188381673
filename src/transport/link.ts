/** An open connection to a printer. The ways of moving bytes (a tty, serialport's stream, a socket) are its implementations. */
export interface Link {
  /** Sends latin1 text; never throws: a failure shows as `ended`. */
  write(text: string): void;
  /** Gives back every descriptor and lock, and waits until they are free; never rejects, harmless as often as you like. */
  close(): Promise<void>;
}

/** A link over a port that somebody else opened and watches. */
export interface DataPath extends Link {
  /** The owner of the port found that it is gone: delivers what is left, then `ended`. */
  end(cause: unknown): void;
}

export interface LinkEvents {
  /** Complete lines as `TransportListener.lines` wants them; at the end, before `ended`, also a last line without its end. */
  lines(lines: readonly string[]): void;
  /** The connection is gone. May be called more than once, and from within `write`; the first call counts. */
  ended(cause: unknown): void;
}

/**
 * Opens a link. Events come only in later turns of the event loop. Rejects with whatever the system said, and then leaves nothing open;
 * an aborted signal makes it give up as soon as it can.
 */
export type Connect = (events: LinkEvents, signal: AbortSignal) => Promise<Link>;

/** Text that may wait in a link for the port to take it, characters: hundreds of windows, so only a stuck port reaches it. */
export const pendingLimit = 1 << 20;

/** How long closing waits for text that was written before, ms: it may be the command that turns a heater off. */
export const closePatienceMs = 500;
