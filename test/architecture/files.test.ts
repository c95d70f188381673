import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.js';

const ceiling = 350;
const all = ['src', 'test', 'bench', 'examples'].flatMap((folder) => sourceFiles(folder));
const lineCount = (text: string): number => text.split('\n').length - 1;

describe('source files', () => {
  it(`have at most ${ceiling} lines`, () => {
    expect(
      all.filter(({ text }) => lineCount(text) > ceiling).map(({ path, text }) => `${path} ${lineCount(text)}`),
    ).toEqual([]);
  });

  it('have a median near 100 lines or below', () => {
    const sizes = sourceFiles('src')
      .map(({ text }) => lineCount(text))
      .sort((a, b) => a - b);
    expect(sizes[sizes.length >> 1]).toBeLessThanOrEqual(120);
  });

  it('are named for what they are', () => {
    expect(
      all.map(({ path }) => path).filter((path) => /(?:^|\/)(?:utils?|helpers?|common|lib|misc)(?:\/|\.ts)/.test(path)),
    ).toEqual([]);
  });

  it('hold no `any`, no unfinished mark and no switched-off check', () => {
    const marks = /\bas any\b|<any>|@ts-(?:ignore|nocheck|expect-error)|\bTODO\b|\bFIXME\b/;
    expect(
      sourceFiles('src')
        .filter(({ text }) => marks.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});
