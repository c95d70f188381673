import type { TemperatureReport } from './temperature-report.js';

/** Why a link to a printer cannot go on. Each is a code of the error table. */
export type LinkFault =
  'PRINTER_HALTED' | 'THERMAL_FAULT' | 'PRINTER_RESET' | 'RESEND_STORM' | 'RESEND_IMPOSSIBLE' | 'LINK_SILENT';

/** What the line machine tells its owner, in the order in which it happened. `Tag` is what the owner attached to a line. */
export type Notice<Tag> =
  /** The firmware has taken this line; `tag` is undefined for the machine's own probes. */
  | { readonly type: 'acknowledged'; readonly number: number; readonly tag: Tag | undefined }
  | { readonly type: 'resend'; readonly line: number; readonly again: number; readonly reason: string }
  /** Evidence showed that `lines` acknowledgements never came; they are counted now. */
  | { readonly type: 'ok-lost'; readonly lines: number; readonly silentMs: number }
  | { readonly type: 'temperatures'; readonly temperatures: TemperatureReport }
  | { readonly type: 'busy'; readonly forUser: boolean }
  | { readonly type: 'line-damaged'; readonly echo: string }
  | { readonly type: 'action'; readonly action: string }
  | { readonly type: 'text'; readonly text: string; readonly isError: boolean }
  /** The machine has stopped: nothing more is sent. */
  | { readonly type: 'fault'; readonly code: LinkFault; readonly text: string };
