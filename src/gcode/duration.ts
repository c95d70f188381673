const unitSeconds: readonly (readonly [RegExp, number])[] = [
  [/(\d+(?:\.\d+)?)\s*(?:d|days?)\b/, 86_400],
  [/(\d+(?:\.\d+)?)\s*(?:h|hours?)\b/, 3600],
  [/(\d+(?:\.\d+)?)\s*(?:m|min|minutes?)\b/, 60],
  [/(\d+(?:\.\d+)?)\s*(?:s|sec|seconds?)\b/, 1],
];

/** Seconds of `1d 2h 3m 22s` or `1 hour 2 minutes`; undefined where no unit is found. */
export const parseDuration = (text: string): number | undefined => {
  let seconds: number | undefined;
  for (const [pattern, size] of unitSeconds) {
    const match = pattern.exec(text);
    if (match) seconds = (seconds ?? 0) + Number(match[1]) * size;
  }
  return seconds;
};
