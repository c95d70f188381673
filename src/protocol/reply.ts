import type { TemperatureReport } from './temperature-report.js';

/** One received line, understood. */
export type Reply =
  /** An acknowledgement. `line` only where the firmware names it (ADVANCED_OK); `temperatures` where it answers M105. */
  | { readonly kind: 'ok'; readonly line?: number; readonly temperatures?: TemperatureReport }
  /** Send again from `line` on. Marlin sends `ok` right behind it, which acknowledges the bad line and nothing else. */
  | { readonly kind: 'resend'; readonly line: number }
  /** Why a resend follows; `lastLine` is the last line that the firmware accepted. */
  | { readonly kind: 'line-error'; readonly text: string; readonly lastLine: number | undefined }
  /** A command holds up the rest and the firmware says so; `forUser`: it waits for a person. */
  | { readonly kind: 'busy'; readonly forUser: boolean; readonly temperatures?: TemperatureReport }
  /** The firmware has nothing to do: a hint that an `ok` was lost, never an acknowledgement. */
  | { readonly kind: 'wait' }
  /** The firmware was started just now: its line counter is 0, heaters are off, the position is unknown. */
  | { readonly kind: 'start' }
  | { readonly kind: 'temperatures'; readonly temperatures: TemperatureReport }
  /** The printer has halted; nothing answers until it is reset. */
  | { readonly kind: 'fatal'; readonly text: string; readonly thermal: boolean }
  /** The firmware did not know this command; `echo` is what it understood. */
  | { readonly kind: 'unknown-command'; readonly echo: string }
  /** `//action:` for the host: `pause`, `cancel`, `prompt_begin Continue?`. */
  | { readonly kind: 'action'; readonly action: string }
  /** Anything else: the answer of a query, an echo, an error that does not stop a job. */
  | { readonly kind: 'text'; readonly text: string; readonly isError: boolean };
