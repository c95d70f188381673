import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Plugin } from './plugin.js';

const invalid = (detail: string): SpoolgateError => new SpoolgateError('APP_INVALID', { detail: `plugins: ${detail}` });

/**
 * Plugins with each after those that it depends on, otherwise in the order given. Throws `APP_INVALID` for a plugin that is there
 * twice, two with the same migrations, a dependency that is not there, and a circle.
 */
export const orderPlugins = (plugins: readonly Plugin[]): readonly Plugin[] => {
  const byIdentifier = new Map<string, Plugin>();
  const keys = new Set(['chancy', 'spoolgate']);
  for (const plugin of plugins) {
    const { identifier, migrations } = plugin;
    if (byIdentifier.has(identifier)) throw invalid(`${identifier} is there twice`);
    byIdentifier.set(identifier, plugin);
    if (migrations === undefined) continue;
    if (keys.has(migrations.key)) throw invalid(`${identifier}: the migration key ${migrations.key} is taken`);
    keys.add(migrations.key);
  }
  const ordered = new Set<Plugin>();
  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return;
    if (path.includes(plugin.identifier)) throw invalid([...path, plugin.identifier].join(' needs '));
    for (const name of plugin.dependencies()) {
      const needed = byIdentifier.get(name);
      if (needed === undefined) throw invalid(`${plugin.identifier} needs ${name}, which is not there`);
      visit(needed, [...path, plugin.identifier]);
    }
    ordered.add(plugin);
  };
  for (const plugin of plugins) visit(plugin, []);
  return [...ordered];
};
