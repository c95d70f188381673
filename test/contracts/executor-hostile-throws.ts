/** Things that a function may throw and that are hard to put into words. Each entry throws when it is called. */
export const hostileThrows: Readonly<Record<string, () => never>> = {
  undefined: () => raise(undefined),
  null: () => raise(null),
  text: () => raise('only text'),
  'text with NUL and half a surrogate pair': () => raise('a\0b\uD800c'),
  symbol: () => raise(Symbol('thrown')),
  'object without prototype': () => raise(Object.assign(Object.create(null) as object, { why: 'no prototype' })),
  'object whose toString throws': () =>
    raise({
      toString: () => raise('toString'),
      toJSON: () => raise('toJSON'),
      [Symbol.toPrimitive]: () => raise('toPrimitive'),
    }),
  'error whose getters throw': () =>
    raise(
      Object.defineProperties(new Error('hidden'), {
        stack: { get: () => raise('stack') },
        message: { get: () => raise('message') },
        cause: { get: () => raise('cause') },
        name: { get: () => raise('name') },
      }),
    ),
  'error whose fields are not text': () =>
    raise(Object.assign(new Error('odd'), { stack: { lines: [] }, message: 5, cause: Symbol('cause'), code: {} })),
  'proxy that refuses everything': () =>
    raise(
      new Proxy(new Error('behind a proxy'), {
        get: () => raise('get'),
        has: () => raise('has'),
        getPrototypeOf: () => raise('getPrototypeOf'),
        ownKeys: () => raise('ownKeys'),
        getOwnPropertyDescriptor: () => raise('getOwnPropertyDescriptor'),
      }),
    ),
  'revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return raise(proxy);
  },
  'error that causes itself': () => {
    const error = new Error('circular');
    error.cause = error;
    return raise(error);
  },
  'errors that gather each other': () => {
    const one = new AggregateError([], 'one');
    one.errors = Array.from({ length: 50 }, () => new AggregateError([one], 'other', { cause: one }));
    return raise(one);
  },
  'chain of a thousand causes': () => {
    let error = new Error('the first');
    for (let depth = 0; depth < 1000; depth += 1) error = new Error(`after ${depth}`, { cause: error });
    return raise(error);
  },
  'message of a megabyte': () => raise(new Error('long '.repeat(200_000))),
  'stack with NUL': () => raise(Object.assign(new Error('nul\0'), { stack: 'Error: nul\0\uDC00\n    at nowhere' })),
  function: () => raise(() => 'a function'),
};

const raise = (thrown: unknown): never => {
  // oxlint-disable-next-line typescript/only-throw-error -- throwing what is no error is the point
  throw thrown;
};
