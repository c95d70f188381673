/** Options that ask for a program other than the child's, or for a port that its parent has. */
const parentsOnly = /^--(?:inspect|watch|test|input-type|check|interactive)|^-[ci]$/;
/** Those whose next argument is the program. */
const withProgram: ReadonlySet<string> = new Set(['-e', '--eval', '-p', '-pe', '--print']);

/** What a child process takes of its parent's command-line options: loaders and flags of Node and V8. */
export const inheritedOptions = (execArgv: readonly string[]): readonly string[] =>
  execArgv.filter(
    (option, index) =>
      !parentsOnly.test(option) && !withProgram.has(option) && !withProgram.has(execArgv[index - 1] ?? ''),
  );
