/** How slicers mark the beginning of a layer, as a whole-line comment. */
const marks: readonly RegExp[] = [
  /^;LAYER_CHANGE\b/, // PrusaSlicer, SuperSlicer, OrcaSlicer
  /^;LAYER:\s*-?\d+/, // Cura, ideaMaker
  /^; CHANGE_LAYER\b/, // Bambu Studio
  /^; layer \d+, Z =/, // Simplify3D
  /^; BEGIN_LAYER_OBJECT\b/, // KISSlicer
];

/** Counts layers by the first kind of mark that the file shows; other kinds, as custom scripts add them, would count twice. */
export class LayerCounter {
  #mark: RegExp | undefined;
  #layers = 0;

  /** Layers begun so far; 0 before the first. */
  get layers(): number {
    return this.#layers;
  }

  /** Takes a line that begins with `;`. */
  comment(line: string): void {
    this.#mark ??= marks.find((mark) => mark.test(line));
    if (this.#mark?.test(line)) this.#layers += 1;
  }
}
