import type { ErrorTable } from '../error-entry.js';

/** Errors of ports, printers, prints and G-code files. */
export const printingErrors = {
  PORT_NOT_FOUND: {
    summary: 'The serial port is not there',
    remedy: 'Check the cable and power, then `spoolgate devices discover` for the ports that exist.',
    job: 'retry',
  },
  PORT_BUSY: {
    summary: 'The serial port is held by another program',
    remedy: 'Stop the other program (`fuser -v PORT` names it), or remove the port from one of the two.',
    job: 'retry',
  },
  PORT_PERMISSION: {
    summary: 'The serial port may not be opened by this user',
    remedy: "Add the user to the port's group (`sudo usermod -aG dialout $USER`) and log in again.",
    job: 'retry',
  },
  PORT_FAILED: {
    summary: 'The serial port could not be opened',
    remedy: 'Read the cause that is quoted; unplug the adapter and plug it in again.',
    job: 'retry',
  },
  NO_BANNER: {
    summary: 'The port opened but no firmware answered',
    remedy: "Check that the printer is on and that `baud_rate` and `dialect` in devices.json are the firmware's.",
    job: 'retry',
  },
  LINK_LOST_BEFORE_START: {
    summary: 'The connection was lost before any line of the print ran',
    remedy: 'Check the cable; the job is tried again by itself.',
    job: 'retry',
  },
  LINK_LOST: {
    summary: 'The connection was lost in mid-print',
    remedy: 'Check cable and power supply, clear the bed, then `spoolgate printers return PRINTER`.',
    job: 'fail',
    setsPrinterAside: true,
  },
  LINK_SILENT: {
    summary: 'The printer stopped answering in mid-print',
    remedy: 'Look at the printer: if it hangs, reset it; clear the bed, then `spoolgate printers return PRINTER`.',
    job: 'fail',
    setsPrinterAside: true,
  },
  PRINTER_HALTED: {
    summary: 'The firmware halted the printer',
    remedy: "Find the cause in the printer's words, reset the printer, clear the bed.",
    job: 'fail',
    setsPrinterAside: true,
  },
  THERMAL_FAULT: {
    summary: 'The firmware halted the printer for a temperature fault',
    remedy: 'Do not restart before heater, thermistor and their wires have been checked.',
    job: 'fail',
    setsPrinterAside: true,
  },
  PRINTER_RESET: {
    summary: 'The firmware was reset in mid-print',
    remedy: 'Look for brown-outs and loose power; clear the bed, then `spoolgate printers return PRINTER`.',
    job: 'fail',
    setsPrinterAside: true,
  },
  RESEND_STORM: {
    summary: 'The printer asked for the same line too often',
    remedy: 'Check cable, ferrites and baud rate: the line is noisy.',
    job: 'fail',
    setsPrinterAside: true,
  },
  RESEND_IMPOSSIBLE: {
    summary: 'The printer asked for a line that is no longer held',
    remedy: 'Check cable and baud rate; clear the bed.',
    job: 'fail',
    setsPrinterAside: true,
  },
  EMERGENCY_STOP: {
    summary: 'The emergency stop was pressed',
    remedy: 'Reset the printer, clear the bed, then `spoolgate printers return PRINTER`.',
    job: 'fail',
    setsPrinterAside: true,
  },
  PRINTER_UNKNOWN: {
    summary: 'The job names a printer that is in no devices.json of this gateway',
    remedy: 'Correct `kwargs.printer`, or add the printer; `spoolgate devices list` shows the known ones.',
    job: 'fail',
  },
  PRINTER_SET_ASIDE: {
    summary: 'The printer is set aside until a person has looked at it',
    remedy: 'Look at the printer, then `spoolgate printers return PRINTER`.',
    job: 'retry',
  },
  BED_OCCUPIED: {
    summary: 'The last print may still lie on the bed',
    remedy: 'Take the part off, then `spoolgate printers clear PRINTER`.',
    job: 'retry',
  },
  PRINTER_NOT_READY: {
    summary: 'The printer is not ready to print',
    remedy: 'Wait for its print to end, or send the job to another printer.',
    job: 'retry',
  },
  KWARGS_INVALID: {
    summary: "The job's kwargs are not those of a print",
    remedy: 'Correct the field that is named and push the job again.',
    job: 'fail',
  },
  FILE_NOT_FOUND: {
    summary: 'The G-code file is not in the spool folder',
    remedy: 'Copy the file into the spool folder, or correct `kwargs.file`.',
    job: 'fail',
  },
  FILE_OUTSIDE_SPOOL: {
    summary: 'The file name leads out of the spool folder',
    remedy: 'Name a file inside the spool folder, with a relative path and no `..`.',
    job: 'fail',
  },
  FILE_UNREADABLE: {
    summary: 'The G-code file cannot be read',
    remedy: 'Check that the file is G-code text and that this user may read it.',
    job: 'fail',
  },
  FILE_EMPTY: {
    summary: 'The file holds no G-code command',
    remedy: 'Slice the model again.',
    job: 'fail',
  },
  FILE_CUT_SHORT: {
    summary: 'The file ends too early',
    remedy: 'Upload the file again; it was cut in transfer or the disk was full.',
    job: 'fail',
  },
  LINE_TOO_LONG: {
    summary: 'A line is longer than the firmware can receive',
    remedy: 'Shorten the line in the file (often a long M117 or a macro call).',
    job: 'fail',
  },
  PRINT_INTERRUPTED: {
    summary: 'The gateway died while this job was extruding',
    remedy: 'Look at the printer and clear its bed; push the job again to print it from the beginning.',
    job: 'fail',
  },
  CANCELLED: {
    summary: 'The job was cancelled',
    remedy: 'Nothing to do; push the job again to print it after all.',
    job: 'fail',
  },
  GATEWAY_STOPPING: {
    summary: 'The gateway was stopped before the print began',
    remedy: 'Nothing to do: the job waits for the next gateway.',
    job: 'retry',
  },
  EXTRUSION_UNRECORDED: {
    summary: 'The database could not be told in time that something is about to lie on the bed',
    remedy: 'Nothing was extruded: the job is tried again by itself. Find out why the database was away for so long.',
    job: 'retry',
  },
  PRINTER_NOT_FOUND: {
    summary: 'No gateway has such a printer',
    remedy: 'Check the name; `spoolgate printers` lists the printers of all gateways.',
    job: 'none',
  },
  PRINTER_AMBIGUOUS: {
    summary: 'Several gateways have a printer of this name',
    remedy: 'Name the gateway as well, with --gateway.',
    job: 'none',
  },
  PRINTER_REFUSED: {
    summary: 'The printer did not do what was asked',
    remedy: 'Read the reason; `spoolgate printers` shows what the printer is doing.',
    job: 'none',
  },
  GATEWAY_SILENT: {
    summary: 'No gateway answered',
    remedy:
      'Check that the gateway runs and reaches the database; a pooler in transaction mode lets no notification through.',
    job: 'none',
  },
  NOTIFICATIONS_OFF: {
    summary: 'Commands travel to gateways as notifications, and this app has them turned off',
    remedy: 'Connect to Postgres itself, without a pooler in transaction mode, and leave `notifications` on.',
    job: 'none',
  },
} as const satisfies ErrorTable;
