import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.js';

/** The rooms from the roof down; each may import from those below it. */
const floors: readonly (readonly string[])[] = [
  ['index.ts'],
  ['cli'],
  ['gateway'],
  ['http'],
  ['observability'],
  ['executors'],
  ['printing'],
  ['printer'],
  ['devices', 'gcode', 'protocol', 'transport', 'simulator', 'queue', 'postgres'],
  ['errors', 'events', 'lifecycle'],
];

/** Rooms of the same floor that one may use. */
const neighbours: Readonly<Record<string, readonly string[]>> = { errors: [], events: [], lifecycle: [] };

/** The only rooms that may use a package; packages that are not named are free. */
const keepers: Readonly<Record<string, readonly string[]>> = {
  serialport: ['transport'],
  '@serialport/parser-readline': ['transport'],
  pg: ['queue', 'postgres'],
  pino: ['observability'],
  'pino-pretty': ['observability'],
  commander: ['cli'],
  '@lydell/node-pty': ['simulator'],
};

/** Rooms that take no room but these. `printer` knows no database; the simulator is never a part of the product's path to a printer. */
const forbidden: readonly (readonly [string, string])[] = [
  ['printer', 'queue'],
  ['printer', 'postgres'],
  ['printer', 'simulator'],
  ['printing', 'simulator'],
  ['printing', 'postgres'],
  ['executors', 'simulator'],
  ['queue', 'executors'],
];

const roomOf = (path: string): string => path.split('/')[1] ?? '';
const floorOf = (room: string): number => floors.findIndex((rooms) => rooms.includes(room));
const files = sourceFiles('src');

describe('the rooms of the house', () => {
  it('are all on the plan', () => {
    expect([...new Set(files.map(({ path }) => roomOf(path)))].filter((room) => floorOf(room) < 0)).toEqual([]);
  });

  it('import downwards only', () => {
    const upward = files.flatMap(({ path, imports }) =>
      imports
        .filter((target) => target.startsWith('src/'))
        .filter((target) => {
          const [from, to] = [roomOf(path), roomOf(target)];
          if (from === to) return false;
          return (
            floorOf(to) < floorOf(from) || (floorOf(to) === floorOf(from) && !(neighbours[from] ?? []).includes(to))
          );
        })
        .map((target) => `${path} -> ${target}`),
    );
    expect(upward).toEqual([]);
  });

  it('stay out of each other where the plan says so', () => {
    const found = files.flatMap(({ path, imports }) =>
      imports
        .filter((target) => forbidden.some(([from, to]) => roomOf(path) === from && target.startsWith(`src/${to}/`)))
        .map((target) => `${path} -> ${target}`),
    );
    expect(found).toEqual([]);
  });

  it('protocol/ imports nothing, not even node:', () => {
    const foreign = files
      .filter(({ path }) => roomOf(path) === 'protocol')
      .flatMap(({ path, imports }) =>
        imports.filter((target) => !target.startsWith('src/protocol/')).map((target) => `${path} -> ${target}`),
      );
    expect(foreign).toEqual([]);
  });

  it.each(Object.entries(keepers))('%s is used by %j alone', (name, rooms) => {
    const users = files.filter(({ imports }) =>
      imports.some((target) => target === name || target.startsWith(`${name}/`)),
    );
    expect(users.map(({ path }) => path).filter((path) => !rooms.includes(roomOf(path)))).toEqual([]);
  });

  it('never reach into test/, bench/ or node_modules by path', () => {
    const outside = files.flatMap(({ path, imports }) =>
      imports
        .filter((target) => /^(?:\.\.|test|bench|examples|node_modules)\//.test(target))
        .map((target) => `${path} -> ${target}`),
    );
    expect(outside).toEqual([]);
  });

  it('have no cycle of files', () => {
    const graph = new Map(files.map(({ path, text, imports }) => [path, runtimeImports(text, imports)]));
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      state.set(path, 'open');
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
      state.set(path, 'done');
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });
});

/** Imports that are there at run time: types vanish. */
function runtimeImports(text: string, imports: readonly string[]): readonly string[] {
  const typeOnly = new Set([...text.matchAll(/import type [^;]*?from '([^']+)'/g)].map((match) => match[1]));
  const runtime = new Set(
    [...text.matchAll(/(?:import|export) (?!type)[^;]*?from '([^']+)'/g)].map((match) => match[1]),
  );
  const onlyTypes = [...typeOnly].filter((name) => !runtime.has(name));
  return imports.filter(
    (target) =>
      target.startsWith('src/') &&
      !onlyTypes.some((name) => target.endsWith((name ?? '').replace(/^(?:\.\.?\/)+/, '').replace(/\.js$/, '.ts'))),
  );
}
