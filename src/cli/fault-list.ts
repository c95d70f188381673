import { z } from 'zod';
import type { FaultSettings } from '../simulator/fault-settings.js';

const every = z.int().min(1);
const rate = z.number().min(0).max(1);
const line = z.int().min(1);

/** The numbers that a fault may have on the command line. */
const schema = z
  .strictObject({
    corruptEvery: every,
    corruptRate: rate,
    losePrefixEvery: every,
    loseNewlineEvery: every,
    dropOkEvery: every,
    dropOkRate: rate,
    duplicateOkEvery: every,
    duplicateOkRate: rate,
    partialOkEvery: every,
    glueOkEvery: every,
    glueLinesEvery: every,
    garbageEvery: every,
    garbageRate: rate,
    swallowResendEvery: every,
    slowCommandEvery: every,
    slowCommandMs: z.number().positive(),
    resetAtLine: line,
    silentResetAtLine: line,
    hangUpAtLine: line,
    silentAtLine: line,
    thermalRunawayAtLine: line,
    heaterDeathAtLine: line,
  } satisfies Partial<Record<keyof FaultSettings, z.ZodType>>)
  .partial();

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const camel = (name: string): string => name.replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** As they are written: `corrupt-rate`. */
export const faultNames: readonly string[] = Object.keys(schema.shape).map(kebab);

/** A zod type for `corrupt-rate=0.01,drop-ok-every=500`. */
export const faultList = () =>
  z.string().transform((text, context): FaultSettings => {
    const fail = (message: string): never => {
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    };
    const entries = text.split(',').map((entry) => entry.trim().split('='));
    const malformed = entries.find((entry) => entry.length !== 2 || !/^\d+(\.\d+)?$/.test(entry[1] ?? ''));
    if (malformed) return fail(`${malformed.join('=')} is not NAME=NUMBER`);
    const unknown = entries.find(([name = '']) => !faultNames.includes(name));
    if (unknown) return fail(`there is no fault ${unknown[0] ?? ''}; there are ${faultNames.join(', ')}`);
    const parsed = schema.safeParse(
      Object.fromEntries(entries.map(([name = '', value]) => [camel(name), Number(value)])),
    );
    if (!parsed.success) {
      return fail(parsed.error.issues.map(({ path, message }) => `${kebab(String(path[0]))}: ${message}`).join('; '));
    }
    return Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  });
