/** One SQL statement. With a name, pg prepares it once a connection; the name must belong to this very text. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}
