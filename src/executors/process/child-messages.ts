import type { AbortOrder, RunOrder } from '../isolated/messages.js';

/** What a child process is told. What it says is a `RunReport`. */
export type ChildOrder =
  | { readonly kind: 'run'; readonly order: RunOrder }
  | AbortOrder
  /** No more jobs for this one: end in good order. */
  | { readonly kind: 'retire' };
