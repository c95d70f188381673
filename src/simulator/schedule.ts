import type { Random } from './random.js';

/** When a fault strikes: every so many, with a chance, or both. */
export interface ScheduleSettings {
  /** The nth, 2nth, … time; undefined is never. */
  readonly every?: number | undefined;
  /** Chance of each time, 0 to 1. */
  readonly rate?: number | undefined;
}

/** Says for each time whether the fault strikes. */
export const schedule = ({ every, rate }: ScheduleSettings, random: Random): (() => boolean) => {
  let times = 0;
  return () => {
    times++;
    if (every !== undefined && every > 0 && times % every === 0) return true;
    return rate !== undefined && rate > 0 && random() < rate;
  };
};
