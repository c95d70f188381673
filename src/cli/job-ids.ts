import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Chancy } from '../queue/chancy.js';

const shown = 5;

/** The one job whose id begins with what was written. Throws JOB_NOT_FOUND, or USAGE where several do. */
export const resolveJobId = async (chancy: Chancy, written: string): Promise<string> => {
  const ids = await chancy.findJobIds(written, shown + 1);
  const [id] = ids;
  if (id === undefined) throw new SpoolgateError('JOB_NOT_FOUND', { detail: written, data: { id: written } });
  if (ids.length === 1) return id;
  const more = ids.length > shown ? ' and more' : '';
  throw new SpoolgateError('USAGE', {
    detail: `several jobs begin with ${written}: ${ids.slice(0, shown).join(', ')}${more}`,
    data: { ids: ids.slice(0, shown) },
  });
};
