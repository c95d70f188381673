import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { faultNames } from '../../src/cli/fault-list.js';
import { buildProgram } from '../../src/cli/program.js';
import { parseDevices } from '../../src/devices/load-devices.js';
import { sourceFiles } from '../architecture/source-files.js';
import { allPages, codeBlocks, commandLines, readPage } from './pages.js';

const program = buildProgram({ colour: false });
const optionsOf = (command: Command): string[] =>
  command.options.flatMap(({ long, short }) => [long ?? '', short ?? '']);

/** What is wrong with a command line of the documents; undefined when the program would understand it. */
const faultOf = (line: string): string | undefined => {
  const words = line.split(/\s+/).slice(1);
  let command: Command = program;
  const known = optionsOf(program);
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next) {
      command = next;
      known.push(...optionsOf(next));
    } else if (word.startsWith('-') && word !== '--help' && !known.includes(word)) return `${line}: no option ${word}`;
    else if (command === program && !word.startsWith('-')) return `${line}: no command ${word}`;
    else if (command.commands.length > 0 && command.registeredArguments.length === 0 && /^[a-z]/.test(word))
      return `${line}: no command ${word}`;
  }
  return undefined;
};

describe('commands in the documents', () => {
  it.each(allPages().map((page) => [page.path, page] as const))('exist: %s', (_path, page) => {
    const lines = commandLines(page);
    expect(lines.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('are found', () => {
    expect(commandLines(readPage('README.md')).length).toBeGreaterThan(14);
    expect(faultOf('spoolgate prnt x')).toMatch(/no command/);
    expect(faultOf('spoolgate printers clean x')).toMatch(/no command/);
    expect(faultOf('spoolgate push x --sped 3')).toMatch(/no option/);
  });
});

describe('README.md', () => {
  it('shows a devices.json that is read', () => {
    const blocks = codeBlocks(readPage('README.md'), 'json');
    expect(blocks).toHaveLength(1);
    expect(parseDevices(blocks[0] ?? '', '/tmp/devices.json').printers.map(({ id }) => id)).toEqual([
      'ender',
      'practice',
    ]);
  });
});

describe('docs/simulator.md', () => {
  const page = readPage('docs/simulator.md');

  it('names every fault, and no other', () => {
    const rows = [...page.text.matchAll(/^\| (`[a-z][^|]*-[^|]*`) *\|/gm)].map(([, cell]) => cell ?? '');
    const named = rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name ?? ''));
    expect(named.sort()).toEqual([...faultNames].sort());
  });

  it('names G-code that the model knows', () => {
    const model = sourceFiles('src/simulator')
      .map(({ text }) => text)
      .join('\n');
    const named = [...page.prose.matchAll(/`([GM]\d+)`/g)].map(([, code]) => code ?? '');
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((code) => !new RegExp(`\\b${code}\\b`).test(model))).toEqual([]);
  });
});
