import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../architecture/source-files.js';

export interface Page {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
  /** The text without blocks of code. */
  readonly prose: string;
}

export const readPage = (path: string): Page => {
  const text = readFileSync(join(projectRoot, path), 'utf8');
  return { path, text, prose: text.replaceAll(/^```[\s\S]*?^```$/gm, '') };
};

/** Every page that a reader of the project finds. */
export const allPages = (): readonly Page[] => {
  const inDocs = readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs].map(readPage);
};

/** Blocks of code in a language, in order. */
export const codeBlocks = ({ text }: Page, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code ?? '');

/** Command lines of ours, from blocks of shell and from code in the text. */
export const commandLines = (page: Page): readonly string[] => {
  const inBlocks = codeBlocks(page, 'sh').flatMap((code) => code.split('\n'));
  const inText = [...page.prose.matchAll(/`((?:npx )?spoolgate [^`]+)`/g)].map(([, code]) => code ?? '');
  return [...inBlocks, ...inText]
    .map((line) => line.replace(/\s+#.*$/, ''))
    .map((line) => /(?:^|&& |npx |bin\/)(spoolgate (?:.*))$/.exec(line)?.[1] ?? '')
    .map((line) => line.replace(/ (?:&&|>|\|) .*$/, '').trim())
    .filter((line) => line !== '');
};

/** Links to files that are not there, or to headings that are not in them. */
export const deadLinks = ({ path, prose, text }: Page): readonly string[] =>
  [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? join(projectRoot, path) : join(projectRoot, dirname(path), file);
      if (!existsSync(full)) return true;
      return anchor !== undefined && !anchors(file === '' ? text : readFileSync(full, 'utf8')).has(anchor);
    })
    .map((target) => `${relative(projectRoot, join(projectRoot, path))}: ${target}`);

const anchors = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      (title ?? '')
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
