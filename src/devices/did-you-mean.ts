const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Letters to add, drop or change to get from one text to the other. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** The known name that was probably meant: the same but for case and signs (`baudRate`) or without its unit (`silence`), or a few letters away; else undefined. */
export const didYouMean = (written: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .filter((name) => bare(name) !== '')
    .map((name) => ({
      name,
      away: name.startsWith(`${written.toLowerCase()}_`) ? 0 : distance(bare(written), bare(name)),
    }))
    .filter(({ name, away }) => away <= Math.max(1, Math.floor(name.length / 4)))
    .sort((a, b) => a.away - b.away);
  return best?.name;
};
