import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** An authority for one test, with the means to certify others for 127.0.0.1; all PEM. */
export async function newAuthority(): Promise<{ readonly cert: string; certify(name: string): Promise<Certified> }> {
  const keys = await newKeys();
  const dates = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01', name: 'CN=test authority', keys, signingAlgorithm: ALGORITHM, ...dates,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    cert: authority.toString('pem'),
    certify: async (name) => {
      const own = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: '02', subject: `CN=${name}`, issuer: authority.subject, publicKey: own.publicKey,
        signingKey: keys.privateKey, signingAlgorithm: ALGORITHM, ...dates,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
      return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
    },
  };
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
