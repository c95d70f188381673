/** What a stream says whose reader has gone (`| head`) or whose terminal was closed. */
const gone = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

const onError = (error: NodeJS.ErrnoException): void => {
  if (!gone.has(error.code ?? '')) throw error;
};

/**
 * Lets the command go on in silence when nobody reads stdout or stderr any more: it has work to finish or to clear up.
 * Any other error of the streams is thrown as it would be.
 */
export const quietPipes = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.off('error', onError).on('error', onError);
};
