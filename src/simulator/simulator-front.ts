/** What a front tells the printer behind it. */
export interface FrontHandlers {
  /** A host has opened the port: a board that resets on DTR starts anew. */
  onOpen(): void;
  /** Bytes of the host. */
  onData(bytes: Uint8Array): void;
  /** The host has closed the port. */
  onClose(): void;
}

/** The port that hosts see. One host at a time. */
export interface SimulatorFront {
  /** What a host opens; known after `start`. */
  readonly path: string;
  /** Makes the port appear. */
  start(handlers: FrontHandlers): Promise<void>;
  /** Sends bytes to the host; they are lost when none is there. */
  write(bytes: Uint8Array): void;
  /** The port vanishes: a host that has it open is hung up, none can open it. Harmless when it has vanished already. */
  unplug(): Promise<void>;
  /** The port is back under the same path. */
  plugIn(): Promise<void>;
  /** Ends everything; the path is gone. As often as you like. */
  stop(): Promise<void>;
}
