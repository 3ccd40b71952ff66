import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { EmpError, messageOf } from '@emp/kernel';

export interface DoorTlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string;
}

/** What the door shows, and whom it believes. */
export interface DoorCertificates {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly validTo: Date;
}

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/**
 * Reads the three files. Refuses a key that does not belong to the certificate and files that end in the middle: a
 * rotation that is half written looks like that.
 * @throws EmpError `door-certificates-unusable`, naming the file.
 */
export async function readDoorCertificates(files: DoorTlsFiles): Promise<DoorCertificates> {
  const [cert, key, ca] = await Promise.all([read(files.certFile), read(files.keyFile), read(files.clientCaFile)]);
  const [own] = certificatesIn(cert, files.certFile);
  certificatesIn(ca, files.clientCaFile);
  try {
    if (own?.checkPrivateKey(createPrivateKey(key)) !== true) throw new Error('it is not the key of the certificate');
    return { cert, key, ca, validTo: new Date(own.validTo) };
  } catch (error) {
    throw unusable(files.keyFile, error);
  }
}

/** Changes when any of the files does. */
export async function signatureOf(files: DoorTlsFiles): Promise<string> {
  const each = await Promise.all(
    Object.values(files).map(async (file: string) => {
      const about = await stat(file, { bigint: true }).catch(() => undefined);
      return about === undefined ? 'absent' : `${about.mtimeNs}/${about.size}/${about.ino}`;
    }),
  );
  return each.join(' ');
}

function certificatesIn(text: string, file: string): readonly X509Certificate[] {
  const blocks = text.split(BEGIN).slice(1);
  try {
    if (blocks.length === 0) throw new Error('there is no certificate in it');
    return blocks.map((block) => {
      if (!block.includes(END)) throw new Error('it ends in the middle of a certificate');
      return new X509Certificate(`${BEGIN}${block}`);
    });
  } catch (error) {
    throw unusable(file, error);
  }
}

const read = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(file, error);
  });

const unusable = (file: string, cause: unknown): EmpError =>
  new EmpError('door-certificates-unusable', `${file}: ${messageOf(cause)}`, { retry: 'helps', cause });
