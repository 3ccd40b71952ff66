import { messageOf } from '@emp/kernel';
import type { Log } from '@emp/service-kit';
import { readDoorCertificates, signatureOf, type DoorCertificates, type DoorTlsFiles } from './door-certificates.ts';

/**
 * Looks at the files of the door's certificates and hands over what changed. Files that do not fit together are left
 * alone until they do, with one line about it; the door goes on with what it has.
 */
export class CertificateWatch {
  readonly #files: DoorTlsFiles;
  readonly #log: Log;
  readonly #onChange: (certificates: DoorCertificates) => void;
  #used: string | undefined;
  #complainedOf: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(files: DoorTlsFiles, log: Log, onChange: (certificates: DoorCertificates) => void) {
    this.#files = files;
    this.#log = log;
    this.#onChange = onChange;
  }

  /** The first look. @throws EmpError `door-certificates-unusable` */
  async read(): Promise<DoorCertificates> {
    const signature = await signatureOf(this.#files);
    const certificates = await readDoorCertificates(this.#files);
    this.#used = signature;
    return certificates;
  }

  start(everySeconds: number): void {
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => {
        if (this.#timer !== undefined) this.start(everySeconds);
      });
    }, everySeconds * 1_000).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const signature = await signatureOf(this.#files);
    if (signature === this.#used) return;
    try {
      const certificates = await readDoorCertificates(this.#files);
      // Written to meanwhile: the next look is soon enough.
      if (signature !== (await signatureOf(this.#files))) return;
      this.#onChange(certificates);
      this.#used = signature;
      this.#log.info({ validTo: certificates.validTo.toISOString() }, 'door certificates reloaded');
    } catch (error) {
      if (signature === this.#complainedOf) return;
      this.#complainedOf = signature;
      this.#log.warn({ reason: messageOf(error) }, 'door certificates unusable, the old ones stay');
    }
  }
}
