import type { PrinterEvents, PrintFigures } from '../../events/printer-events.js';
import type { EventLog } from './log-entry.js';
import { duration, height, ofAll } from './words.js';

const books = ({ sent, acknowledged, resent, resendRequests, oksLost }: PrintFigures): string =>
  `${sent} lines sent, ${acknowledged} acknowledged, ${resent} sent again on ${resendRequests} requests, ${oksLost} oks lost`;

export const printerLog: EventLog<PrinterEvents> = {
  'printer.connecting': { level: 'info', message: ({ path, baudRate }) => `connecting to ${path} at ${baudRate} baud` },
  'printer.connected': {
    level: 'info',
    message: ({ firmware, tookMs, wasReset }) =>
      `connected to ${firmware || 'a firmware without a name'} in ${duration(tookMs)}${wasReset ? ', it had been reset' : ''}`,
  },
  'printer.disconnected': { level: 'warn', message: ({ reason }) => `not connected: ${reason}` },
  'printer.set_aside': { level: 'error', message: ({ reason }) => `set aside until a person has looked: ${reason}` },
  'printer.returned': { level: 'info', message: () => 'returned to service' },
  'printer.bed_occupied': { level: 'info', message: () => 'the bed is occupied; nothing prints until it is cleared' },
  'printer.bed_cleared': { level: 'info', message: () => 'the bed is clear' },
  'printer.temperatures': {
    level: 'debug',
    message: ({ temperatures }) =>
      Object.entries(temperatures)
        .map(([heater, { current, target }]) => `${heater} ${current}${target === undefined ? '' : `/${target}`} °C`)
        .join(', '),
  },
  'printer.command': {
    level: ({ ok }) => (ok ? 'info' : 'warn'),
    message: ({ action, by, ok, message }) => `${by} asked for ${action}${ok ? '' : ', refused'}: ${message}`,
  },
  'printer.traffic': {
    level: 'trace',
    message: ({ direction, line }) => `${direction === 'sent' ? '>' : '<'} ${line}`,
  },
  'printer.resend': {
    level: 'warn',
    message: ({ line, reason }) => `asked for line ${line} again: ${reason}`,
    limited: true,
  },
  'printer.ok_lost': {
    level: 'warn',
    message: ({ lines, silentMs }) => `${lines} acknowledgements were lost, noticed after ${duration(silentMs)}`,
    limited: true,
  },
  'printer.line_damaged': { level: 'warn', message: ({ echo }) => `received a damaged line: ${echo}`, limited: true },
  'printer.message': { level: 'info', message: ({ text }) => `says: ${text}`, limited: true },
  'print.started': {
    level: 'info',
    message: ({ file, lines, bytes }) => `printing ${file}, ${ofAll(bytes, undefined)} bytes, ${lines ?? '?'} commands`,
  },
  'print.heating': { level: 'info', message: ({ heater, target }) => `heating the ${heater} to ${target} °C` },
  'print.first_layer': {
    level: 'info',
    message: ({ line, afterMs }) => `first layer at line ${line}, ${duration(afterMs)} after the start`,
  },
  'print.layer': { level: 'debug', message: ({ layer, z }) => `layer ${layer}${height(z)}` },
  'print.progress': {
    level: 'info',
    message: ({ percent, line, lines, layer, etaMs }) =>
      `${percent} %, line ${ofAll(line, lines)}, layer ${layer}${etaMs === undefined ? '' : `, ${duration(etaMs)} to go`}`,
  },
  'print.waits_for_database': {
    level: 'error',
    message: ({ error, limitMs }) =>
      `stands still before the first extrusion, at most ${duration(limitMs)}: the database does not know of it yet: ${error}`,
  },
  'print.database_back': {
    level: 'info',
    message: ({ waitedMs }) => `goes on: the database knows of the print after ${duration(waitedMs)}`,
  },
  'print.paused': { level: 'info', message: ({ line, z }) => `paused at line ${line}${height(z)}` },
  'print.resumed': { level: 'info', message: ({ line }) => `resumed at line ${line}` },
  'print.finished': {
    level: 'info',
    message: (fields) => `finished in ${duration(fields.wallMs)}: ${books(fields)}`,
  },
  'print.failed': {
    level: ({ code }) => (code === 'CANCELLED' || code === 'GATEWAY_STOPPING' ? 'warn' : 'error'),
    message: (fields) =>
      `ended at line ${fields.line}${height(fields.z)} after ${duration(fields.wallMs)}: ${fields.reason}; ${books(fields)}`,
  },
};
