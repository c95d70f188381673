const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `8 s`, `4 min`, `2 h 05 min`, `3 d 4 h`: two units at most, rounded down. */
export const durationText = (ms: number): string => {
  const rest = Math.max(0, ms);
  if (rest < minute) return `${Math.floor(rest / second)} s`;
  if (rest < hour) return `${Math.floor(rest / minute)} min`;
  if (rest < day) return `${Math.floor(rest / hour)} h ${two(Math.floor((rest % hour) / minute))} min`;
  return `${Math.floor(rest / day)} d ${Math.floor((rest % day) / hour)} h`;
};

/** `0:07`, `12:30`, `1:02:03`: for what counts up or down. */
export const clockText = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / second));
  const minutes = Math.floor(seconds / 60);
  const tail = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
};

/** `3 min ago`, `in 2 h 00 min`, `now`. */
export const relativeTime = (time: Date, nowMs = Date.now()): string => {
  const ms = time.getTime() - nowMs;
  if (Math.abs(ms) < second) return 'now';
  return ms < 0 ? `${durationText(-ms)} ago` : `in ${durationText(ms)}`;
};

/** `2025-11-23 15:04:05`, in this machine's time zone. */
export const localTime = (time: Date): string =>
  `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
  `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;

const two = (value: number): string => String(value).padStart(2, '0');
