import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultFirmwareOptions, type FirmwareOptions } from '../../src/simulator/firmware-options.js';
import { firmwares } from '../../src/simulator/firmware-registry.js';
import { sharedFolder } from '../support/shared-folder.js';
import { ModelHost } from './model-host.js';
import { readRecording, type RecordedEvent } from './recording.js';

const folder = sharedFolder('transcripts');

const full: Partial<FirmwareOptions> = {
  firmware: 'marlin-2.1',
  emergencyParser: true,
  advancedOk: true,
  hostPrompts: true,
  autoreportPosition: true,
  bufSize: 8,
  positionDecimals: 4,
  bootMs: 600,
  baudRate: 250_000,
};
const avr: Partial<FirmwareOptions> = { firmware: 'marlin-1.1', bootMs: 1, baudRate: 115_200 };

const plain: Partial<FirmwareOptions> = { firmware: 'marlin-2.1', bootMs: 600, baudRate: 250_000 };

/** Sections whose answers hang on the speed of the wire and of the board, or on a build that the model does not claim to be. */
const passedOver = [
  'RX overflow: 60 numbered lines in one burst (about 1.7 kB), no waiting',
  'thermal runaway: at temperature, then heater dies',
];
const passedOverOn21 = [
  // The junk wakes MeatPack.
  'binary junk then a good line',
  'USB unplug and replug (pty goes away 1.5 s, then a new pty at the same link)',
];

/** Without what hangs on time and on the state of earlier sessions: temperatures, positions, dates, busy lines, own reports. */
const comparable = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => !line.startsWith('echo:busy:') && !line.startsWith(' T:'))
    .map((line) =>
      line
        .replace(/([TB]):-?\d+\.\d+ \/(\d+\.\d+)/g, '$1:# /$2')
        .replace(/@:\d+/g, '@:#')
        // How long a move takes, and a build option that the model does not claim.
        .replace(/^(ok.*) P1[45] /, '$1 P# ')
        .replace('Cap:MEATPACK:1', 'Cap:MEATPACK:0')
        .replace(/(?:[XYZE]:)?-?\d*\.\d+(?= [YZE]:| Count)|(?<=Count .*[XYZ]:)-?\d+/g, '#')
        .replace(/^\.\d+ Y/, '# Y')
        .replace(/MACHINE_TYPE:.* EXTRUDER/, 'MACHINE_TYPE:# EXTRUDER')
        .replace(/\(Nov 23 2026 [\d:]+\)/, '(date)'),
    );

/** One bad line makes as many trios as lines behind it were not yet there to be flushed: repeats of a trio count once. */
const withoutRepeatedTrios = (lines: readonly string[]): string[] => {
  const isRepeat = (index: number): boolean => {
    const trio = lines.slice(index, index + 3);
    return /^Error:.*Last Line/.test(trio[0] ?? '') && trio[1] === lines[index - 2] && trio[2] === lines[index - 1];
  };
  const left: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    if (isRepeat(index)) index += 2;
    else left.push(lines[index] ?? '');
  }
  return left;
};

/** Plays the host's side of the recording, noise on the wire included, and returns the model's answers by section. */
const replay = (
  file: string,
  options: Partial<FirmwareOptions>,
): { title: string; recorded: string[]; answered: string[] }[] => {
  const host = new ModelHost(options);
  let flipNext = false;
  let dropNext = 0;
  let loseReply = 0;
  const send = (text: string): void => {
    const noisy = flipNext ? String.fromCharCode(text.charCodeAt(0) ^ 1) + text.slice(1) : text.slice(dropNext);
    flipNext = false;
    dropNext = 0;
    host.send(noisy);
  };
  const disturb = ({ text }: RecordedEvent): void => {
    const { hotend } = host.model.hardware;
    const control = /^harness ctl: (\w+) ?(\d*)/.exec(text);
    const amount = Number(control?.[2] ?? 0);
    if (text === 'open port' || control?.[1] === 'reset') host.model.reset({ nowMs: host.now });
    else if (control?.[1] === 'rxflip') flipNext = true;
    else if (control?.[1] === 'rxdrop') dropNext = amount;
    else if (control?.[1] === 'txdrop') loseReply = amount;
    else if (control?.[1] === 'heater0dead') hotend.dead = amount === 1;
    else if (control?.[1] === 'sensor0open') hotend.sensor = amount === 1 ? 'open' : 'sound';
    else if (control?.[1] === 'sensor0short') hotend.sensor = amount === 1 ? 'short' : 'sound';
    else if (control?.[1] === 'setT0') hotend.temperature = amount;
  };
  const sections = readRecording(join(folder ?? '', file));
  return sections.map(({ title, events }, index) => {
    const from = host.received.length;
    for (const event of events) {
      host.run(Math.max(0, event.ms - host.now));
      if (event.kind === 'sent') send(event.text);
      else if (event.kind === 'note') disturb(event);
    }
    const later = sections.slice(index + 1).flatMap((section) => section.events);
    const nextMs = later.find(({ kind }) => kind !== 'note')?.ms;
    host.run(Math.max(0, (nextMs ?? host.now + 5_000) - host.now - 0.1));
    const answered = host.lines.slice(from);
    // The reply that the disturbance cut, in the section in which it was cut.
    if (loseReply > 0) {
      answered[0] = answered[0]?.slice(loseReply) ?? '';
      loseReply = 0;
    }
    const recorded = events.filter(({ kind }) => kind === 'received').map(({ text }) => text);
    const shown = (lines: readonly string[]): string[] => withoutRepeatedTrios(comparable(lines));
    return { title, recorded: shown(recorded), answered: shown(answered) };
  });
};

/** Recordings that begin on a board that was booted already have no banner. */
const withoutEarlyBoot = (
  recorded: readonly string[],
  answered: readonly string[],
  bannerLines: number,
): readonly string[] =>
  !recorded.includes('start') && answered[0] === 'start' ? answered.slice(bannerLines) : answered;

const recordings = [
  { file: 'marlin11-avr-01-boot-and-info.txt', options: avr, skipped: passedOver },
  { file: 'marlin21-full-01-boot-and-info.txt', options: full, skipped: passedOver },
  { file: 'marlin11-avr-02-line-numbers.txt', options: avr, skipped: passedOver },
  { file: 'marlin11-avr-04-halt-and-reset.txt', options: avr, skipped: passedOver },
  { file: 'marlin21-full-02-line-numbers.txt', options: full, skipped: [...passedOver, ...passedOverOn21] },
  { file: 'marlin21-full-04-halt-and-reset.txt', options: full, skipped: [...passedOver, ...passedOverOn21] },
  { file: 'marlin21-plain-01.txt', options: plain, skipped: passedOver },
];

describe.skipIf(folder === undefined)('the model answers as the recorded firmware did', () => {
  describe.each(recordings)('$file', ({ file, options, skipped }) => {
    const bannerLines = firmwares[options.firmware ?? 'marlin-2.1'].banner({
      ...defaultFirmwareOptions,
      ...options,
    }).length;
    const sections = folder === undefined ? [] : replay(file, options);
    const compared = sections.filter(({ title, recorded }) => recorded.length > 0 && !skipped.includes(title));

    it('has sections to compare', () => {
      expect(compared.length).toBeGreaterThan(1);
    });

    it.each(compared.map((section) => [section.title, section] as const))('%s', (_, { recorded, answered }) => {
      expect(withoutEarlyBoot(recorded, answered, bannerLines)).toEqual(recorded);
    });
  });
});
