/** Why Postgres would refuse a text, or silently change it; undefined when it would not. */
export const textFault = (text: string): string | undefined => {
  if (text.includes('\0')) return 'holds a NUL character';
  if (/\p{Surrogate}/u.test(text)) return 'holds half of a surrogate pair';
  return undefined;
};
