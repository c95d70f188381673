/** Changes one reply on its way, its newline included; empty is a lost reply. One character stands for one byte. */
export type ReplyTamper = (reply: string) => string;

/** A piece of the printer's output: one character stands for one byte. */
export interface OutputChunk {
  readonly text: string;
  /** Wire ms at which the host may see it. */
  readonly dueMs: number;
}

/** The way from the printer to the host, with its latency. Replies do not wait for each other and keep their order. */
export class ReplyOutput {
  readonly #latencyMs: number;
  #chunks: { text: string; dueMs: number }[] = [];
  /** Set while faults want to see the replies. */
  tamper: ReplyTamper | undefined;

  constructor(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  print(line: string, nowMs: number): void {
    const reply = `${line}\n`;
    const text = this.tamper ? this.tamper(reply) : reply;
    if (text === '') return;
    const last = this.#chunks.at(-1);
    const dueMs = Math.max(nowMs + this.#latencyMs, last?.dueMs ?? 0);
    if (last?.dueMs === dueMs) last.text += text;
    else this.#chunks.push({ text, dueMs });
  }

  /** When the next piece is due; Infinity when there is none. */
  get nextMs(): number {
    return this.#chunks[0]?.dueMs ?? Infinity;
  }

  /** Takes the pieces that are due. */
  takeDue(nowMs: number): OutputChunk[] {
    if (this.nextMs > nowMs) return [];
    const later = this.#chunks.findIndex((chunk) => chunk.dueMs > nowMs);
    return later === -1 ? this.#chunks.splice(0) : this.#chunks.splice(0, later);
  }

  clear(): void {
    this.#chunks = [];
  }
}
