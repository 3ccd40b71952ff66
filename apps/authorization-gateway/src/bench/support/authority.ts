import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that lives as long as a test or a measurement. */
export class Authority {
  readonly #name: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly cert: string;

  private constructor(name: string, keys: webcrypto.CryptoKeyPair, cert: string) {
    this.#name = name;
    this.#keys = keys;
    this.cert = cert;
  }

  static async create(name: string): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + 30 * DAY_MS),
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new Authority(name, keys, certificate.toString('pem'));
  }

  /** A certificate for this common name and for 127.0.0.1. */
  async issue(commonName: string): Promise<Pem> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: Math.floor(Math.random() * 1e12).toString(16).padStart(12, '1'),
      subject: `CN=${commonName}`,
      issuer: `CN=${this.#name}`,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + 10 * DAY_MS),
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
  }
}

/** Certificates as files, and the variables that name them to the gateway. */
export class DoorFiles {
  private constructor(readonly directory: string) {}

  static async create(door: Pem, clientCa: string): Promise<DoorFiles> {
    const files = new DoorFiles(await mkdtemp(path.join(tmpdir(), 'door-')));
    await files.write({ cert: door.cert, key: door.key, ca: clientCa });
    return files;
  }

  async write(texts: { readonly cert?: string; readonly key?: string; readonly ca?: string }): Promise<void> {
    for (const [name, text] of Object.entries(texts)) {
      const file = path.join(this.directory, `${name}.pem`);
      // Whoever looks meanwhile sees the old file or the new one.
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    }
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      DOOR_TLS_CERT_FILE: path.join(this.directory, 'cert.pem'),
      DOOR_TLS_KEY_FILE: path.join(this.directory, 'key.pem'),
      DOOR_TLS_CLIENT_CA_FILE: path.join(this.directory, 'ca.pem'),
    };
  }
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
