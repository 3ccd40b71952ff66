import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '@emp/kernel';
import type { Io } from './io.ts';
import { NotPossible, WrongUse } from './wrong-use.ts';

export interface InputFile {
  /** As it was given, or `stdin`. */
  readonly name: string;
  readonly text: string;
  /** JSON is UTF-8; partners send ISO 8859-1, too (OICP §2.3), and the shell of Windows writes UTF-16. */
  readonly encoding: 'UTF-8' | 'UTF-16' | 'ISO 8859-1';
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
    return { name: name === '-' ? 'stdin' : name, ...decoded(bytes) };
  } catch (error) {
    throw new NotPossible(`${name} cannot be read: ${reason(error)}`);
  }
}

function decoded(bytes: Uint8Array): Pick<InputFile, 'text' | 'encoding'> {
  const endian = utf16(bytes);
  if (endian !== undefined) return { text: new TextDecoder(`utf-16${endian}`).decode(bytes), encoding: 'UTF-16' };
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(bytes)
    ? { text: raw.toString('utf8'), encoding: 'UTF-8' }
    : { text: raw.toString('latin1'), encoding: 'ISO 8859-1' };
}

/** By its mark, or by the empty half of the brace that JSON begins with. */
function utf16([first, second]: Uint8Array): 'le' | 'be' | undefined {
  if ((first === 0xff && second === 0xfe) || (first === BRACE && second === 0)) return 'le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === BRACE)) return 'be';
  return undefined;
}

const BRACE = 0x7b;

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
