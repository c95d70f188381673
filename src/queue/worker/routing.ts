import vm from 'node:vm';
import { errorText } from '../../errors/spoolgate-error.js';
import { PatternFault } from './pattern-fault.js';
import { translatePattern } from './python-regex.js';

/** Ample for any sane pattern; what backtracks for longer would hold up every print of this process. */
const matchLimitMs = 100;
const rememberedPatterns = 1000;

const matching = new vm.Script('tags.some((tag) => { pattern.lastIndex = 0; return pattern.test(tag); })');

/** Decides by tags which queues a worker serves: any pattern of the queue on any tag of the worker (wire contract, section 6). */
export class Routing {
  readonly #tags: readonly string[];
  readonly #verdicts = new Map<string, boolean | PatternFault>();

  constructor(workerTags: readonly string[]) {
    this.#tags = workerTags;
  }

  /**
   * Whether one of these Python patterns, matched from its start as `re.match` does, fits one of the worker's tags. A pattern that cannot
   * be used fits nothing and is given to `onFault`.
   */
  serves(patterns: readonly string[], onFault: (reason: string) => void): boolean {
    let serves = false;
    for (const pattern of patterns) {
      const verdict = this.#verdict(pattern);
      if (verdict instanceof PatternFault) onFault(`tags: ${JSON.stringify(pattern)}: ${verdict.message}`);
      else serves ||= verdict;
    }
    return serves;
  }

  #verdict(pattern: string): boolean | PatternFault {
    const known = this.#verdicts.get(pattern);
    if (known !== undefined) return known;
    if (this.#verdicts.size >= rememberedPatterns) this.#verdicts.clear();
    const verdict = this.#match(pattern);
    this.#verdicts.set(pattern, verdict);
    return verdict;
  }

  #match(text: string): boolean | PatternFault {
    try {
      const pattern = translatePattern(text);
      return matching.runInNewContext({ pattern, tags: this.#tags }, { timeout: matchLimitMs }) === true;
    } catch (error) {
      return error instanceof PatternFault ? error : new PatternFault(`cannot be matched: ${errorText(error)}`);
    }
  }
}
