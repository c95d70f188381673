/** What the printer's end has received so far, and a way to wait for it. */
export class PeerText {
  #text = '';
  #waiting: (() => void)[] = [];

  readonly add = (chunk: Buffer): void => {
    this.#text += chunk.toString('latin1');
    for (const wake of this.#waiting.splice(0)) wake();
  };

  async endsWith(ending: string): Promise<string> {
    while (!this.#text.endsWith(ending))
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    return this.#text;
  }
}
