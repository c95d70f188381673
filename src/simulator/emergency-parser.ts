/** What a line of the host does at once where the firmware watches the bytes as they arrive. */
export type EmergencyCommand =
  | { readonly kind: 'continue' }
  | { readonly kind: 'halt' }
  | { readonly kind: 'quick-stop' }
  | { readonly kind: 'prompt-answer'; readonly choice: number };

// An optional line number may stand before; whatever follows the code up to the line's end is not looked at.
const WATCHED = /^ *(?:N[\d -]*)?M *(?:(108)|(112)|(410)|876 *S *(\d))/;

/** Longer lines are not kept: the code stands within the first bytes, behind a line number at most. */
const KEPT_BYTES = 40;

/** Marlin's EMERGENCY_PARSER: M108, M112, M410 and M876 S<n> act when their line's end arrives, before the line is queued. */
export class EmergencyParser {
  #line = '';

  /** The commands whose line ends in these bytes, in order. */
  scan(bytes: Uint8Array): EmergencyCommand[] {
    const found: EmergencyCommand[] = [];
    for (const byte of bytes) {
      if (byte === 0x0a || byte === 0x0d) {
        const command = emergencyCommand(this.#line);
        if (command) found.push(command);
        this.#line = '';
      } else if (this.#line.length < KEPT_BYTES) this.#line += String.fromCharCode(byte);
    }
    return found;
  }

  clear(): void {
    this.#line = '';
  }
}

const emergencyCommand = (line: string): EmergencyCommand | undefined => {
  const match = line.includes('M') ? WATCHED.exec(line) : null;
  if (!match) return undefined;
  if (match[1]) return { kind: 'continue' };
  if (match[2]) return { kind: 'halt' };
  if (match[3]) return { kind: 'quick-stop' };
  return { kind: 'prompt-answer', choice: Number(match[4]) };
};
