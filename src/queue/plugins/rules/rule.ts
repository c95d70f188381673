/** Gathers the values of one statement; each stands in its text as `$n`. */
export class RuleParameters {
  readonly values: unknown[];

  /** `before` are the values that the statement has already. */
  constructor(before: readonly unknown[] = []) {
    this.values = [...before];
  }

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/**
 * Says of each row of the jobs table whether it is meant. Immutable; made by `JobRules` and put together with `and`, `or` and `not`. A row
 * of which the rule is neither true nor false, as a value is missing, is not meant.
 */
export class Rule {
  readonly #compile: (parameters: RuleParameters) => string;

  /** `compile` returns a condition in SQL, with every value as a parameter. */
  constructor(compile: (parameters: RuleParameters) => string) {
    this.#compile = compile;
    Object.freeze(this);
  }

  and(...others: readonly Rule[]): Rule {
    return Rule.#joined([this, ...others], 'AND');
  }

  or(...others: readonly Rule[]): Rule {
    return Rule.#joined([this, ...others], 'OR');
  }

  /** Rows of which the rule is not true, those without the value included. */
  not(): Rule {
    return new Rule((parameters) => `(${this.#compile(parameters)}) IS NOT TRUE`);
  }

  /** The condition in SQL on the columns of the jobs table, which need no alias; its values are added to `parameters`. */
  toSql(parameters: RuleParameters): string {
    return this.#compile(parameters);
  }

  static #joined(rules: readonly Rule[], operator: 'AND' | 'OR'): Rule {
    return new Rule((parameters) => `(${rules.map((rule) => rule.toSql(parameters)).join(` ${operator} `)})`);
  }
}
