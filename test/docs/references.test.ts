import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isErrorCode } from '../../src/errors/error-table.js';
import { projectRoot, sourceFiles } from '../architecture/source-files.js';
import { allPages, deadLinks } from './pages.js';

const pages = allPages();
const sources = sourceFiles('src')
  .map(({ text }) => text)
  .join('\n');

describe.each(pages.map((page) => [page.path, page] as const))('%s', (_path, page) => {
  it('links to what is there', () => {
    expect(deadLinks(page)).toEqual([]);
  });

  it('names files and folders that are there', () => {
    const named = [...page.text.matchAll(/`((?:src|test|docs|examples|scripts|bench|gcode-samples)\/[\w./-]*)`/g)];
    expect(named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('names npm scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...page.text.matchAll(/npm run (?:-\S+ )*([\w:]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names environment variables that are read', () => {
    const named = [...page.text.matchAll(/\bSPOOLGATE_[A-Z_]+\b/g)].map(([name]) => name);
    const tests = readFileSync(join(projectRoot, 'test/support/global-setup.ts'), 'utf8');
    expect(named.filter((name) => !sources.includes(name) && !tests.includes(name))).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = pages.find(({ path }) => path === 'README.md')!;

  it('names error codes that there are, with their summaries', () => {
    const rows = [...readme.text.matchAll(/^\| `([A-Z_]+)` *\| ([^|]+) \|/gm)];
    expect(rows.length).toBeGreaterThan(10);
    const page = readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8');
    for (const [, code = '', summary = ''] of rows) {
      expect(isErrorCode(code), code).toBe(true);
      expect(page).toMatch(new RegExp(`\`${code}\` *\\| ${summary.trim()} *\\|`));
    }
  });
});

describe('docs/README.md', () => {
  it('lists every page beside it', () => {
    const index = pages.find(({ path }) => path === 'docs/README.md')!;
    const beside = pages.map(({ path }) => /^docs\/([^/]+\.md)$/.exec(path)?.[1]).filter((name) => name !== undefined);
    expect(beside.filter((name) => name !== 'README.md' && !index.text.includes(`(${name})`))).toEqual([]);
  });
});

describe.each(['README.md', 'docs/architecture.md'])('functions in %s', (path) => {
  it('are in the file that is named with them', () => {
    const { prose } = pages.find((page) => page.path === path)!;
    // `name()` belongs to the next path behind it, or to the path in parentheses.
    const wrong: string[] = [];
    let names: string[] = [];
    for (const [, name, file] of prose.matchAll(/`(\w+)\(\)`|\[((?:\.\.\/)?src\/[\w./-]+\.ts)\]/g)) {
      if (name !== undefined) names.push(name);
      else if (file !== undefined) {
        const text = readFileSync(join(projectRoot, file.replace('../', '')), 'utf8');
        const isThere = (one: string): boolean =>
          new RegExp(`(?:const|function\\*?|async|static|override|  )\\s*${one}\\s*(?:=|\\(|<)`).test(text);
        wrong.push(...names.filter((one) => !isThere(one)).map((one) => `${one}() in ${file}`));
        names = [];
      }
    }
    expect(wrong).toEqual([]);
    expect(names, 'named without a file').toEqual([]);
  });
});
