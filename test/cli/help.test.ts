import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { exitCodes } from '../../src/cli/exit-codes.js';

const program = buildProgram({ colour: false });

const under = (command: Command): Command[] => [command, ...command.commands.flatMap(under)];
const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHasColors: () => false,
    getOutHelpWidth: () => 100,
  });
  command.outputHelp();
  return text;
};

const all = under(program).map((command) => [nameOf(command), command] as const);

/** As a shell would split it. */
const words = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');

describe.each(all)('%s --help', (name, command) => {
  const help = helpOf(command);

  it('explains itself, with examples and exit codes', () => {
    expect(command.description().length).toBeGreaterThan(60);
    expect(command.summary() === '' && command.parent !== null).toBe(false);
    expect(help).toContain('Exit codes:');
    expect(help).toContain(exitCodes[130]);
    expect(help).toMatch(new RegExp(`Examples:\\n {2}${name}`));
  });

  it('its examples name commands and flags that exist', () => {
    const examples = help.match(/(?<=^ {2})spoolgate .*$/gm) ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const given = words(example.split(/[|>]/)[0] ?? '').slice(1);
      let called: Command = program;
      for (;;) {
        const next = called.commands.find((one) => one.name() === given[0]);
        if (!next) break;
        called = next;
        given.shift();
      }
      expect(called).not.toBe(program);
      const known = new Set([...called.options, ...program.options].flatMap(({ long, short }) => [long, short]));
      for (const flag of given.filter((word) => /^--?[a-z]/.test(word))) expect(known).toContain(flag);
    }
  });

  it('fits 100 columns but for what is to be pasted', () => {
    const long = help.split('\n').filter((line) => line.length > 100 && !line.startsWith('  spoolgate'));
    expect(long).toEqual([]);
  });
});

it('the manual is the help of every command', async () => {
  const chapters = all.map(([name, command]) => `## ${name}\n\n\`\`\`text\n${helpOf(command).trim()}\n\`\`\`\n`);
  const intro =
    '# The command line\n\nWhat each command says with `--help`; `npx vitest run test/cli/help.test.ts -u` writes it anew.\n';
  await expect([intro, ...chapters].join('\n')).toMatchFileSnapshot('../../docs/cli.md');
});
