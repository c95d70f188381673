/** A command on its way to the printer; `tag` comes back with its acknowledgement. */
export interface FeedLine<Tag> {
  /** One command without comment and line end, not empty. */
  readonly command: string;
  readonly tag: Tag;
}

/** Where the machine takes its lines from. Called only when a line can be sent now, or to see how long the next one is. */
export interface LineFeed<Tag> {
  /** The next line, left where it is; undefined when there is none at the moment. */
  peek(): FeedLine<Tag> | undefined;
  /** Takes the line that `peek` returned. */
  take(): void;
}
