import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where Spoolgate keeps its database unless told otherwise: `SPOOLGATE_DATA_DIR`, else `/var/lib/spoolgate` for root, else
 * `$XDG_DATA_HOME/spoolgate` or `~/.local/share/spoolgate` (a relative XDG_DATA_HOME is ignored, as the XDG specification asks).
 */
export const defaultDataDirectory = (env: NodeJS.ProcessEnv = process.env, uid = process.getuid?.()): string => {
  if (env['SPOOLGATE_DATA_DIR']) return resolve(env['SPOOLGATE_DATA_DIR']);
  if (uid === 0) return '/var/lib/spoolgate';
  const xdg = env['XDG_DATA_HOME'];
  if (xdg?.startsWith('/')) return join(xdg, 'spoolgate');
  return join(env['HOME'] || homedir(), '.local', 'share', 'spoolgate');
};
