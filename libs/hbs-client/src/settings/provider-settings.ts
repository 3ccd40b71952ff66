import type { ClientCertificateFiles } from '../options.ts';

/**
 * How a provider works with HBS (OICP §1): `online`, it asks us in real time; `offline`, it decides by the list we
 * upload; `hybrid`, the list is uploaded and decides what it knows, and HBS asks us about the rest.
 */
export type ProviderMode = 'online' | 'offline' | 'hybrid';
export const PROVIDER_MODES: readonly ProviderMode[] = ['online', 'offline', 'hybrid'];

/** What of a provider's contracts goes into the uploaded list (OICP §6.4). */
export type UploadedKind = 'rfid' | 'qr' | 'plug-and-charge' | 'remote';
export const UPLOADED_KINDS: readonly UploadedKind[] = ['rfid', 'qr', 'plug-and-charge', 'remote'];

/** One of our provider ids. */
export interface ProviderSettings {
  /** As it is written in messages, e.g. `DE-EMP`. */
  readonly providerId: string;
  readonly mode: ProviderMode;
  readonly brand: string | null;
  /** Whose connection carries this sub-provider's messages (OICP §6.5); `null`: its own. */
  readonly hub: string | null;
  readonly uploads: readonly UploadedKind[];
  /** Of this connection alone; empty: those of HBS_CERT_FILE. */
  readonly clientCertificates: readonly ClientCertificateFiles[];
}

/** The id that speaks for a provider in every message: its hub's, else its own (OICP §6.5). */
export const connectionIdOf = ({ hub, providerId }: ProviderSettings): string => hub ?? providerId;

/** The ids that own connections, in their order, each once: who pulls, and in whose name is pushed. */
export const connectionIdsOf = (providers: readonly ProviderSettings[]): readonly string[] =>
  [...new Set(providers.map(connectionIdOf))];
