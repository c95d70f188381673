/** What the model tells as it happens. */
export interface FirmwareModelHooks {
  /** A command begins to run: its text without number and checksum; not `known`: it is answered as unknown and does nothing. */
  readonly onRun?: (command: string, known: boolean) => void;
  /** A fault wants the port to vanish. */
  readonly onHangUp?: () => void;
}
