import { z } from 'zod';
import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import { faultText } from '../../field.js';
import { Rule } from './rule.js';

/** A thousand years: what is older than that, no row is. */
const longest = 1000 * 365 * 86_400;
const seconds = z.number().min(-longest).max(longest);

/** How long ago something was, in seconds by the database's clock. Compared as a point in time, so that an index on it can be used. */
export class AgeField {
  readonly #name: string;
  readonly #column: string;

  constructor(name: string, column: string) {
    this.#name = name;
    this.#column = column;
  }

  /** Younger than. Throws `RULE_INVALID`, as all of them do, for what is no number of seconds. */
  lt(age: number): Rule {
    return this.#compare('>', age);
  }

  lte(age: number): Rule {
    return this.#compare('>=', age);
  }

  /** Older than. */
  gt(age: number): Rule {
    return this.#compare('<', age);
  }

  gte(age: number): Rule {
    return this.#compare('<=', age);
  }

  #compare(operator: string, age: number): Rule {
    const parsed = seconds.safeParse(age);
    if (!parsed.success) {
      throw new SpoolgateError('RULE_INVALID', { detail: `${this.#name}: ${faultText(parsed.error)}` });
    }
    return new Rule(
      (parameters) => `${this.#column} ${operator} now() - make_interval(secs => ${parameters.add(age)}::float8)`,
    );
  }
}
