/** Points at a job in the database. `identifier` is its id, a UUID text. */
export class Reference {
  readonly identifier: string;

  constructor(identifier: string) {
    this.identifier = identifier;
    Object.freeze(this);
  }

  toString(): string {
    return this.identifier;
  }

  toJSON(): string {
    return this.identifier;
  }
}
