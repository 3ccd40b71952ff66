import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EmpError, messageOf } from '@emp/kernel';
import type { ClientCertificateFiles, HbsTls } from '../options.ts';

/** A client certificate as read from its files, key and certificate belonging together. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
  /** Changes whenever any of the files does. */
  readonly identity: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/**
 * Reads one pair. Refuses a pair that does not belong together: a rotation that is half written looks like that.
 * @throws EmpError `client-certificate-unusable`, naming the file.
 */
export async function readClientCertificate(files: ClientCertificateFiles): Promise<ClientCertificate> {
  try {
    const [cert, key] = await Promise.all([readFile(files.certFile, 'utf8'), readFile(files.keyFile, 'utf8')]);
    const parsed = new X509Certificate(cert);
    const { passphrase } = files;
    const privateKey = createPrivateKey(passphrase === undefined ? key : { key, passphrase });
    if (!parsed.checkPrivateKey(privateKey)) throw new Error(`it does not belong to the key in ${files.keyFile}`);
    return {
      cert, key,
      ...(passphrase === undefined ? {} : { passphrase }),
      identity: parsed.fingerprint256,
      validFrom: new Date(parsed.validFrom),
      validTo: new Date(parsed.validTo),
    };
  } catch (error) {
    throw new EmpError('client-certificate-unusable', `client certificate ${files.certFile}: ${messageOf(error)}`, {
      retry: 'helps',
      cause: error,
    });
  }
}

export interface TrustAndCertificates {
  readonly ca: string | undefined;
  /** Newest first. */
  readonly certificates: readonly ClientCertificate[];
  /** One error per pair that could not be read. */
  readonly problems: readonly unknown[];
}

/** Reads everything that the TLS options name. One unusable pair of two is reported, not fatal. */
export async function readTls(tls: HbsTls): Promise<TrustAndCertificates> {
  const read = await Promise.allSettled(tls.clientCertificates.map(readClientCertificate));
  const certificates = read
    .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    .toSorted((one, other) => other.validFrom.getTime() - one.validFrom.getTime());
  return {
    ca: tls.caFile === undefined ? undefined : await readFile(tls.caFile, 'utf8'),
    certificates,
    problems: read.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
  };
}
