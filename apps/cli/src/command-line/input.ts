import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '@emp/kernel';
import type { Io } from './io.ts';
import { NotPossible, WrongUse } from './wrong-use.ts';

export interface InputFile {
  /** As it was given, or `stdin`. */
  readonly name: string;
  readonly text: string;
  /** JSON is UTF-8; partners send ISO 8859-1, too (OICP §2.3). */
  readonly encoding: 'UTF-8' | 'ISO 8859-1';
}

/**
 * The files named, `-` being stdin; without names, what is piped in.
 * @throws NotPossible that names the file if one cannot be read.
 */
export async function readInputs(names: readonly string[], io: Io): Promise<readonly InputFile[]> {
  const wanted = names.length === 0 && !io.stdinIsTerminal ? ['-'] : names;
  if (wanted.length === 0) throw new WrongUse('<file> is missing', '- reads from stdin');
  if (wanted.filter((name) => name === '-').length > 1) throw new WrongUse('stdin can be read once only');
  const files: InputFile[] = [];
  for (const name of wanted) files.push(await read(name, io));
  return files;
}

async function read(name: string, io: Io): Promise<InputFile> {
  try {
    const bytes = unpacked(await (name === '-' ? io.readStdin() : io.readFile(name)));
    const encoding = isUtf8(bytes) ? 'UTF-8' : 'ISO 8859-1';
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
      encoding === 'UTF-8' ? 'utf8' : 'latin1',
    );
    return { name: name === '-' ? 'stdin' : name, text, encoding };
  } catch (error) {
    throw new NotPossible(`${name} cannot be read: ${reason(error)}`);
  }
}

/** Feeds are published with gzip; so is what a proxy recorded. */
const unpacked = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: LARGEST }) : bytes;

const LARGEST = 512 * 1024 * 1024;

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES') return 'permission denied';
  return messageOf(error);
}
