import { type Colours, visibleWidth } from './colour.js';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Numbers stand at the right. */
  readonly align?: 'left' | 'right';
  /** Colours the cell's text; its padding stays plain. */
  readonly paint?: (text: string, row: Row) => string;
  /** May be cut to this many columns when the terminal is too narrow; the widest such column gives way first. */
  readonly least?: number;
}

const gap = '  ';

/** Rows under their titles, aligned; on a terminal of `width` columns no line wraps as long as columns can give way. */
export const tableText = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { readonly colours: Colours; readonly width?: number | undefined },
): string => {
  const { colours, width = Infinity } = options;
  const cells = rows.map((row) => columns.map(({ text }) => oneLine(text(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(visibleWidth(title), ...cells.map((row) => visibleWidth(row[index] ?? ''))),
  );
  narrow(widths, columns, width);
  const line = (texts: readonly string[], paint: (text: string, index: number) => string): string =>
    texts
      .map((text, index) => {
        const shown = cut(text, widths[index] ?? 0);
        const pad = ' '.repeat((widths[index] ?? 0) - visibleWidth(shown));
        const painted = paint(shown, index);
        return columns[index]?.align === 'right' ? pad + painted : painted + pad;
      })
      .join(gap)
      .trimEnd();
  const head = line(
    columns.map(({ title }) => title),
    (text) => colours.bold(text),
  );
  const body = rows.map((row, at) =>
    line(cells[at] ?? [], (text, index) => columns[index]?.paint?.(text, row) ?? text),
  );
  return [head, ...body].join('\n');
};

const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, ' ');

/** The text in at most `width` columns, with an ellipsis where something is missing. */
const cut = (text: string, width: number): string =>
  visibleWidth(text) <= width
    ? text
    : `${Array.from(text)
        .slice(0, Math.max(0, width - 1))
        .join('')}…`;

const narrow = <Row>(widths: number[], columns: readonly Column<Row>[], width: number): void => {
  const total = (): number => widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1));
  while (total() > width) {
    let widest = -1;
    for (const [index, { least }] of columns.entries()) {
      const own = widths[index] ?? 0;
      if (least !== undefined && own > least && own > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
};
