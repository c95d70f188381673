import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fileError, readError } from './file-error.js';

/** Containers that are told by their first bytes and not read as text. */
const containers: readonly (readonly [magic: string, name: string])[] = [
  ['GCDE', 'binary G-code (.bgcode), which is not read yet: export plain G-code from the slicer'],
  ['PK\x03\x04', 'a zip archive (.3mf, .zip), which is not read yet: export plain G-code from the slicer'],
  ['\x89PNG', 'a picture'],
  ['%PDF', 'a PDF document'],
  ['solid', 'an STL model: slice it first'],
  ['\x28\xb5\x2f\xfd', 'zstd data, which is not read'],
  ['\xfd7zXZ', 'xz data, which is not read'],
  ['\xff\xfe', 'UTF-16 text: save it as UTF-8'],
  ['\xfe\xff', 'UTF-16 text: save it as UTF-8'],
];

const gzipMagic = '\x1f\x8b';
const magicBytes = 8;

/**
 * The bytes of a G-code file as a stream in constant memory: a plain file as it is, a gzip file (known by its first bytes, whatever its
 * name) unpacked. Throws FILE_NOT_FOUND, FILE_UNREADABLE (also for a container that is not read), FILE_CUT_SHORT for a gzip file without
 * its end, or the signal's reason.
 */
export async function* gcodeBytes(path: string, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  signal?.throwIfAborted();
  const file = await openFile(path);
  try {
    const magic = await firstBytes(file, path);
    const container = containers.find(([start]) => magic.startsWith(start));
    if (container) throw fileError('FILE_UNREADABLE', path, `it is ${container[1]}`);
    const source = file.createReadStream({ start: 0, autoClose: false });
    const bytes = magic.startsWith(gzipMagic) ? pipeline(source, createGunzip(), () => undefined) : source;
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw readError(path, cause);
  } finally {
    await file.close();
  }
}

const openFile = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw readError(path, cause);
  }
};

const firstBytes = async (file: FileHandle, path: string): Promise<string> => {
  if (!(await file.stat()).isFile()) throw fileError('FILE_UNREADABLE', path, 'it is not a regular file');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(magicBytes), 0, magicBytes, 0);
  return buffer.toString('latin1', 0, bytesRead);
};
