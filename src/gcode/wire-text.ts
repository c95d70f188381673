const utf8 = new TextDecoder('utf-8', { fatal: true });
const outsideAscii = /[^\x20-\x7e]/;

/** Letters that Unicode does not take apart into a base letter and marks. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  '\u2013': '-',
  '\u2014': '-',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u00d7': 'x',
};

export const isWireText = (text: string): boolean => !outsideAscii.test(text);

/** Control characters but for blanks: a firmware takes some of them as commands of their own (Marlin: 0x08 erases a byte). */
export const hasControls = (text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && !(code >= 0x09 && code <= 0x0d)) || code === 0x7f) return true;
  }
  return false;
};

/**
 * Text of a message or name, read as latin1 from the file, in the ASCII that every firmware takes: UTF-8 (else latin1) letters lose
 * their marks (`Würfel` -> `Wurfel`), blanks of all kinds become one blank each, what has no ASCII form becomes `?`.
 */
export const toWireText = (latin1: string): string =>
  decoded(latin1)
    .replaceAll(/[^\x20-\x7e]/gu, (letter) => spelled[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/\p{Mark}+/gu, '')
    .replaceAll(/\s/gu, ' ')
    .replaceAll(/[^\x20-\x7e]/gu, '?');

const decoded = (latin1: string): string => {
  try {
    return utf8.decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
};
