/** What the server and initdb get of this process's environment: no PG variables, no secrets, and messages in English. */
export const serverEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => {
  const passed = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
};
