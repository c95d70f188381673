import { z } from 'zod';

/** What one NOTIFY of Chancy says: an event's name and the other keys of its payload (wire contract, section 5). */
export interface Notification {
  readonly event: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type ParsedNotification =
  { readonly ok: true; readonly notification: Notification } | { readonly ok: false; readonly reason: string };

const uuid = z.string().regex(/^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i);

/** Bodies whose fields somebody relies on; others are passed on as they are. */
const bodies: Readonly<Record<string, z.ZodType>> = {
  'queue.pushed': z.looseObject({ q: z.string() }),
  'queue.declared': z.looseObject({ q: z.string() }),
  'queue.paused': z.looseObject({ q: z.string() }),
  'queue.resumed': z.looseObject({ q: z.string() }),
  'queue.deleted': z.looseObject({ q: z.string() }),
  'job.cancelled': z.looseObject({ j: uuid }),
};

const payload = z.looseObject({ t: z.string().min(1) });

/** Reads a payload; never throws. An unknown event is as good as a known one. */
export const parseNotification = (text: string | undefined): ParsedNotification => {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  const parsed = payload.safeParse(value);
  if (!parsed.success) return { ok: false, reason: 'not an object with a text `t`' };
  const { t: event, ...body } = parsed.data;
  const known = Object.hasOwn(bodies, event) ? bodies[event] : undefined;
  if (known?.safeParse(body).success === false) return { ok: false, reason: `${event} without its fields` };
  return { ok: true, notification: { event, body } };
};

/** Writes a payload, with `t` first as Chancy does. */
export const formatNotification = (event: string, body: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ t: event, ...body, ...('t' in body && { t: event }) });
