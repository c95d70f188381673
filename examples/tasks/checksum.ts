import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { JobContext } from 'spoolgate';

/**
 * Job function `tasks.checksum.sha256`: leaves the checksum of `kwargs.file` in the job's meta. It reports its progress, and ends when the job
 * is cancelled or its time is up because the stream heeds the signal.
 */
export const sha256 = async ({ file }: { file: string }, { meta, progress, signal }: JobContext): Promise<void> => {
  const { size } = await stat(file);
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    read += chunk.length;
    progress(read / size, `${read} of ${size} bytes`);
  }
  meta['sha256'] = hash.digest('hex');
};
