import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultDataDirectory } from '../../src/postgres/default-data-directory.js';

describe('defaultDataDirectory', () => {
  it.each([
    [{ SPOOLGATE_DATA_DIR: '/srv/x', HOME: '/h' }, 0, '/srv/x'],
    [{ HOME: '/root', XDG_DATA_HOME: '/xdg' }, 0, '/var/lib/spoolgate'],
    [{ HOME: '/h', XDG_DATA_HOME: '/xdg' }, 1000, '/xdg/spoolgate'],
    [{ HOME: '/h', XDG_DATA_HOME: 'relative' }, 1000, '/h/.local/share/spoolgate'],
    [{ HOME: '/h' }, 1000, '/h/.local/share/spoolgate'],
    [{}, 1000, `${homedir()}/.local/share/spoolgate`],
  ])('%j as %s: %s', (env, uid, expected) => {
    expect(defaultDataDirectory(env, uid)).toBe(expected);
  });
});
