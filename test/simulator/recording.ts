import { readFileSync } from 'node:fs';

export interface RecordedEvent {
  readonly ms: number;
  readonly kind: 'sent' | 'received' | 'note';
  readonly text: string;
}

export interface RecordedSection {
  readonly title: string;
  readonly events: readonly RecordedEvent[];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

const unescape = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|([nrt\\]))/g, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );

/** The sections of a recording, each under its `## == title`. A note has the time of what stands before it. */
export const readRecording = (path: string): RecordedSection[] => {
  const sections: { title: string; events: RecordedEvent[] }[] = [{ title: 'opening', events: [] }];
  let ms = 0;
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const title = /^## == (.*)/.exec(line)?.[1];
    if (title !== undefined) sections.push({ title, events: [] });
    const timed = /^ *(\d+\.\d+) ([<>]) ?(.*)$/.exec(line);
    if (timed) ms = Number(timed[1]) * 1000;
    const note = /^## (?!==)(.*)/.exec(line)?.[1];
    const event = timed
      ? { ms, kind: timed[2] === '>' ? ('sent' as const) : ('received' as const), text: unescape(timed[3] ?? '') }
      : note && { ms, kind: 'note' as const, text: note };
    if (event) sections.at(-1)?.events.push(event);
  }
  return sections;
};
