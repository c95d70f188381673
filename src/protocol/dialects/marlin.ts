import type { Dialect } from '../dialect.js';
import type { Reply } from '../reply.js';
import { parseTemperatures } from '../temperature-report.js';

// Texts as recorded from Marlin 1.1.9 and 2.1.2 (printer-protocol §3.3); older firmwares put the cause on a line of its own.
const thermalText = /Heating failed|Thermal Runaway|(?:MAX|MIN)TEMP\b|Heater_ID|switched off\./i;
const fatalText =
  /Printer halted\. kill\(\) called|system stopped!|(?:MAX|MIN)TEMP triggered|Printer stopped due to errors|KILL caused by|^Error:.*Homing Failed|Extruder switched off/i;
const lineErrorText =
  /checksum mismatch|Line Number is not Last Line Number|No Checksum with line number|No Line Number with checksum|expected line|Missing checksum/i;

const parseOk = (line: string): Reply => {
  if (line.length === 2) return { kind: 'ok' };
  const temperatures = parseTemperatures(line);
  if (temperatures) return { kind: 'ok', temperatures };
  const number = /^ok N(\d+)\b/.exec(line);
  return number ? { kind: 'ok', line: Number(number[1]) } : { kind: 'ok' };
};

const parseError = (line: string): Reply => {
  if (lineErrorText.test(line)) {
    const last = /Last Line: *(-?\d+)/.exec(line);
    return { kind: 'line-error', text: line, lastLine: last ? Number(last[1]) : undefined };
  }
  if (fatalText.test(line)) return { kind: 'fatal', text: line, thermal: thermalText.test(line) };
  return { kind: 'text', text: line, isError: true };
};

const parseReport = (line: string): Reply => {
  const temperatures = parseTemperatures(line);
  if (!temperatures) return { kind: 'text', text: line, isError: false };
  // A temperature line cut short by the next reply: `... @1:N2ok` (Marlin issue 9658).
  if (/ok\s*$/.test(line)) return { kind: 'ok' };
  // `W:` counts down while M109 or M190 wait: the firmware is at work.
  return line.includes(' W:') ? { kind: 'busy', forUser: false, temperatures } : { kind: 'temperatures', temperatures };
};

const parseEcho = (line: string): Reply => {
  if (/^echo: ?busy/i.test(line)) return { kind: 'busy', forUser: line.includes('paused') };
  const unknown = /^echo: ?Unknown command: ?"(.*)"/.exec(line);
  if (unknown) return { kind: 'unknown-command', echo: unknown[1] ?? '' };
  return { kind: 'text', text: line, isError: false };
};

/** Noise of the bootloader, or a reply that the reset cut short, may stand before `start`; but M118 prints what people like. */
const isReset = (before: string): boolean => before === '' || /[^\x20-\x7e]|\d$/.test(before);

const parseRare = (line: string): Reply => {
  if (line.startsWith('Error')) return parseError(line);
  const action = /^\/\/ ?action: ?(.*)$/.exec(line);
  if (action) return { kind: 'action', action: (action[1] ?? '').trim() };
  if (line.startsWith('!!')) return { kind: 'fatal', text: line, thermal: thermalText.test(line) };
  if (line.startsWith('fatal:')) return { kind: 'fatal', text: line, thermal: /heater|sensor/i.test(line) };
  if (line.endsWith('start') && isReset(line.slice(0, -5))) return { kind: 'start' };
  if (line === 'wait') return { kind: 'wait' };
  return parseReport(line);
};

const holding =
  /^(?:G(?:4|28|29|30|32|33|34|76)|M(?:0|1|48|109|116|125|190|191|226|303|400|600|601|701|702|997)|T\d+)(?!\d)/;

/** A reply may follow noise on the same line; no reply begins with an unprintable character. */
const withoutNoise = (line: string): string =>
  line.charCodeAt(0) >= 0x20 && line.charCodeAt(0) < 0x7f ? line : line.replace(/^[^\x20-\x7e]+/, '');

/** Marlin 1.1 and 2.x, and its close relatives (Prusa Buddy). */
export const marlin: Dialect = {
  name: 'marlin',
  // MAX_CMD_SIZE is 96 with the closing NUL; longer lines are cut silently and then fail for ever (printer-protocol §1).
  maxLineBytes: 95,
  classify(line) {
    const text = withoutNoise(line.trimEnd());
    if (text.startsWith('ok') && (text.length === 2 || text.charCodeAt(2) <= 32)) return parseOk(text);
    const resend = /^(?:Resend:|rs\b:?) *N?(\d+)/i.exec(text);
    if (resend) return { kind: 'resend', line: Number(resend[1]) };
    return text.startsWith('echo:') ? parseEcho(text) : parseRare(text);
  },
  holdsAcknowledgement: (command) => holding.test(command),
};
