/** Milliseconds of a clock that never goes back. Given, not taken, so that tests can hold it. */
export type Clock = () => number;

export const monotonicClock: Clock = () => performance.now();
