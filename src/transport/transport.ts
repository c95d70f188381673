import type { SpoolgateError } from '../errors/spoolgate-error.js';

/** What a transport tells. Called from the event loop, never from within a call to the transport. */
export interface TransportListener {
  /**
   * Complete lines, in order, without their line ends (LF, CR LF or CR; empty lines are left out), decoded as latin1 so that no byte is
   * lost. One call for each chunk that arrived.
   */
  lines(lines: readonly string[]): void;
  /** The link is gone for good and nothing more comes; called once, also when the driver missed it and a write found out. Not called after `close`. */
  lost(error: SpoolgateError): void;
}

/** Bytes to and lines from one printer. A transport is opened once; after it is lost or closed another one is made. */
export interface Transport {
  /** For messages: `/dev/ttyUSB0 at 250000 baud`, `tcp://10.0.0.7:8080`. */
  readonly description: string;
  /**
   * Opens the port exclusively. Rejects with PORT_NOT_FOUND, PORT_BUSY, PORT_PERMISSION or PORT_FAILED. Bytes that arrive before the
   * listener is set are kept for it.
   */
  open(listener: TransportListener): Promise<void>;
  /** Sends ASCII text; returns at once. Bytes leave in order. A failure shows as `lost`. Text after `lost` or `close` goes nowhere. */
  write(text: string): void;
  /** Lets go of the port; harmless at any time and as often as you like. */
  close(): Promise<void>;
}

/** Makes the transport for a device's path. */
export type TransportFactory = (options: { readonly path: string; readonly baudRate: number }) => Transport;
