import type { Frame } from './record-terminal.js';
import type { Cell, Row } from './screen.js';

const cell = { width: 8.4, height: 20 };
const margin = { x: 20, top: 44, bottom: 16 };
/** The last frame stays so long before it begins again, ms. */
const holdMs = 6000;

const style = `
.w{fill:#f6f8fa;stroke:#d0d7de}.k{fill:#d0d7de}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:#1f2328;white-space:pre}
.bold{font-weight:600}.dim{fill:#59636e}.green{fill:#1a7f37}.cyan{fill:#1b7c83}.yellow{fill:#7d4e00}.red{fill:#cf222e}.blue{fill:#0969da}
rect.dim{fill:#d1d9e0}
@media (prefers-color-scheme:dark){
.w{fill:#0d1117;stroke:#30363d}.k{fill:#30363d}text{fill:#e6edf3}
.dim{fill:#8b949e}.green{fill:#3fb950}.cyan{fill:#39c5cf}.yellow{fill:#d29922}.red{fill:#f85149}.blue{fill:#58a6ff}
rect.dim{fill:#30363d}}
`;

/**
 * Frames as an animated SVG that fits light and dark pages and runs for ever. Who shows no animation, or wants none, sees the last frame.
 */
export const animatedSvg = (frames: readonly Frame[], options: { columns: number; title: string }): string => {
  const { columns, title } = options;
  const last = frames.at(-1);
  if (!last) throw new Error('nothing was recorded');
  const rowCount = Math.max(...frames.map(({ rows }) => rows.findLastIndex((row) => row.length > 0) + 1));
  const width = Math.ceil(columns * cell.width + 2 * margin.x);
  const height = rowCount * cell.height + margin.top + margin.bottom;
  const rows = new RowBook();
  // The last one stands first, where it is seen without animation.
  const strip = [last, ...frames.slice(0, -1)].map((frame, index) => frameText(frame, index * width, rows));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>${style}${animation(frames, width)}</style>
<defs>${rows.definitions}</defs>
<rect class="w" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10"/>
${[0, 1, 2].map((dot) => `<circle class="k" cx="${24 + 18 * dot}" cy="20" r="5.5"/>`).join('')}
<svg y="${margin.top}" width="${width}" height="${rowCount * cell.height}"><g class="s">
${strip.join('\n')}
</g></svg>
</svg>
`;
};

/** Moves the strip of frames by steps, from the second place, where the recording begins, to the first, where it ends. */
const animation = (frames: readonly Frame[], width: number): string => {
  const totalMs = (frames.at(-1)?.atMs ?? 0) + holdMs;
  const steps = frames.map(({ atMs }, index) => {
    const place = index === frames.length - 1 ? 0 : index + 1;
    return `${((100 * atMs) / totalMs).toFixed(2)}%{transform:translateX(${-place * width}px)}`;
  });
  return `@keyframes s{${steps.join('')}100%{transform:translateX(0)}}
.s{animation:s ${(totalMs / 1000).toFixed(1)}s steps(1,end) infinite}
@media (prefers-reduced-motion:reduce){.s{animation:none}}
`;
};

const frameText = ({ rows }: Frame, x: number, book: RowBook): string => {
  const uses = rows.map((row, at) =>
    row.length === 0 ? '' : `<use href="#${book.nameOf(row)}" y="${at * cell.height}"/>`,
  );
  return `<g transform="translate(${x})">${uses.join('')}</g>`;
};

/** Each different row is drawn once and used by name. */
class RowBook {
  readonly #names = new Map<string, string>();

  nameOf(row: Row): string {
    const drawn = draw(row);
    const name = this.#names.get(drawn) ?? `r${this.#names.size}`;
    this.#names.set(drawn, name);
    return name;
  }

  get definitions(): string {
    return [...this.#names].map(([drawn, name]) => `<g id="${name}">${drawn}</g>`).join('\n');
  }
}

const draw = (row: Row): string => {
  let column = 0;
  return runsOf(row)
    .map((run) => {
      const at = column;
      column += run.length;
      return drawRun(run, at);
    })
    .join('');
};

const drawRun = (run: readonly Cell[], column: number): string => {
  const [first] = run;
  const text = run.map(({ char }) => char).join('');
  if (!first || text.trim() === '') return '';
  const x = Number((margin.x + column * cell.width).toFixed(1));
  const width = Number((run.length * cell.width).toFixed(1));
  const painted = first.style === '' ? '' : ` class="${first.style}"`;
  // Fonts leave gaps between blocks; a bar has none.
  if (isBlock(first)) return `<rect${painted} x="${x}" y="4" width="${width}" height="12"/>`;
  return `<text${painted} x="${x}" y="15" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
};

const isBlock = ({ char }: Cell): boolean => char === '█' || char === '░';

/** Neighbours that look alike. */
const runsOf = (row: Row): Cell[][] => {
  const runs: Cell[][] = [];
  for (const one of row) {
    const run = runs.at(-1);
    const [first] = run ?? [];
    if (run && first && first.style === one.style && isBlock(first) === isBlock(one)) run.push(one);
    else runs.push([one]);
  }
  return runs;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
