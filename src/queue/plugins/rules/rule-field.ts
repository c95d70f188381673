import type { z } from 'zod';
import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import { faultText } from '../../field.js';
import { textFault } from '../../stored-text.js';
import { Rule, type RuleParameters } from './rule.js';

export interface FieldOptions<Value> {
  readonly name: string;
  /** The column, or an expression on columns, in SQL. */
  readonly column: (parameters: RuleParameters) => string;
  /** The type of its values in SQL. */
  readonly type: string;
  readonly schema: z.ZodType<Value>;
}

/** A field of a job, to be compared. Each method throws `RULE_INVALID` for a value that the field cannot have. */
export class RuleField<Value> {
  readonly #options: FieldOptions<Value>;

  constructor(options: FieldOptions<Value>) {
    this.#options = options;
  }

  /** Equal. */
  eq(value: Value): Rule {
    return this.#compare('=', value);
  }

  /** Not equal, or missing. */
  ne(value: Value): Rule {
    return this.#compare('IS DISTINCT FROM', value);
  }

  /** Less than. */
  lt(value: Value): Rule {
    return this.#compare('<', value);
  }

  /** At most. */
  lte(value: Value): Rule {
    return this.#compare('<=', value);
  }

  /** Greater than. */
  gt(value: Value): Rule {
    return this.#compare('>', value);
  }

  /** At least. */
  gte(value: Value): Rule {
    return this.#compare('>=', value);
  }

  /** One of several; none of them if there are none. */
  in(values: readonly Value[]): Rule {
    const { column, type } = this.#options;
    const checked = values.map((value) => this.#checked(value));
    return new Rule((parameters) => `${column(parameters)} = ANY (${parameters.add(checked)}::${type}[])`);
  }

  /** Holds this text, in upper or lower case. No character in it has a meaning of its own. */
  contains(text: string): Rule {
    const fault = typeof text === 'string' ? textFault(text) : 'contains needs a text';
    if (fault !== undefined) throw this.#invalid(fault);
    const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    return new Rule(
      (parameters) => `(${this.#options.column(parameters)})::text ILIKE ${parameters.add(pattern)}::text`,
    );
  }

  #compare(operator: string, value: Value): Rule {
    const { column, type } = this.#options;
    const checked = this.#checked(value);
    return new Rule((parameters) => `${column(parameters)} ${operator} ${parameters.add(checked)}::${type}`);
  }

  #checked(value: Value): Value {
    const parsed = this.#options.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw this.#invalid(faultText(parsed.error));
  }

  #invalid(reason: string): SpoolgateError {
    return new SpoolgateError('RULE_INVALID', { detail: `${this.#options.name}: ${reason}` });
  }
}
