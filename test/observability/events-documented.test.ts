import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { eventLog } from '../../src/observability/event-log.js';

/** Every event of the catalogue with its fields, from the TypeScript source itself. */
const catalogue = (): Map<string, string[]> => {
  const file = 'src/events/catalogue.ts';
  const program = ts.createProgram([file], { target: ts.ScriptTarget.ES2023, strict: true, noLib: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file)!;
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration);
  const events = checker.getTypeAtLocation(interfaces.find(({ name }) => name.text === 'SpoolgateEvents')!);
  return new Map(
    events.getProperties().map((event) => {
      const fields = checker.getTypeOfSymbolAtLocation(event, source).getProperties();
      return [event.name, fields.map(({ name }) => name)];
    }),
  );
};

/** The rows of the tables in docs/events.md: event, fields. */
const documented = (): Map<string, string[]> =>
  new Map(
    readFileSync('docs/events.md', 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => /^`[a-z_.]+`$/.test(cells[1] ?? ''))
      .map(([, name = '', fields = '']) => [
        name.replaceAll('`', ''),
        [...fields.matchAll(/`(\w+)`/g)].map(([, field = '']) => field),
      ]),
  );

const common: Readonly<Record<string, readonly string[]>> = {
  worker: ['workerId'],
  job: ['workerId', 'queue', 'jobId', 'attempt'],
  printer: ['printerId'],
  print: ['printerId', 'jobId', 'attempt'],
  postgres: [],
};

describe('docs/events.md', () => {
  const events = catalogue();

  it('is held against the real catalogue', () => {
    expect(events.size).toBeGreaterThan(40);
    expect(events.get('print.paused')?.sort()).toEqual(['attempt', 'jobId', 'line', 'printerId', 'z']);
    expect([...events.keys()].sort()).toEqual(Object.keys(eventLog).sort());
  });

  it('names every event, and no other', () => {
    expect([...documented().keys()].sort()).toEqual([...events.keys()].sort());
  });

  it.each([...events])('names the fields of %s', (event, fields) => {
    const ofAll = common[event.split('.')[0] ?? ''] ?? [];
    const own = fields.filter((field) => !ofAll.includes(field));
    expect([...(documented().get(event) ?? [])].sort()).toEqual(own.sort());
  });
});
