/** A folder with `postgres` and `initdb` of one version. Where each comes from: binaries/. */
export interface PostgresBinaries {
  readonly binDir: string;
  /** Such as `15.18`. */
  readonly version: string;
  readonly major: number;
  readonly origin: 'forced' | 'system' | 'path' | 'npm';
  /**
   * The folder over `bin`, `lib` and `share` of an npm package: it may be copied elsewhere, and its library links may still have to be
   * made. Undefined for an installation that has its place.
   */
  readonly packagedIn: string | undefined;
}

/** What a search found, or why a place that was looked at did not do. */
export type BinariesFinding =
  { readonly found: PostgresBinaries } | { readonly where: string; readonly reason: string };

/** The oldest major version that Spoolgate's SQL runs on. */
export const OLDEST_MAJOR = 13;
