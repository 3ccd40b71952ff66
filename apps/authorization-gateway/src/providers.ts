import { connectionIdOf, type ProviderSettings } from '@emp/hbs-client';
import { providerKey } from '@emp/oicp';
import type { ProviderMode } from './domain/contract.ts';

/** A connection to HBS with the providers it carries: one alone, or a hub and those behind it (OICP §6.5). */
export interface ProviderConnection {
  readonly connectionId: string;
  readonly members: readonly ProviderSettings[];
}

/** The provider ids we act for. */
export class Providers {
  readonly #byKey: ReadonlyMap<string, ProviderSettings>;
  /** In the order of PROVIDERS. */
  readonly connections: readonly ProviderConnection[];

  constructor(readonly all: readonly ProviderSettings[]) {
    this.#byKey = new Map(all.map((provider) => [providerKey(provider.providerId), provider]));
    const ids = new Set(all.map(connectionIdOf));
    this.connections = [...ids].map((connectionId) => ({
      connectionId,
      members: all.filter((provider) => connectionIdOf(provider) === connectionId),
    }));
  }

  /** In any spelling: `DE*EMP` finds `DE-EMP`. */
  find(providerId: string): ProviderSettings | undefined {
    return this.#byKey.get(providerKey(providerId));
  }

  modeOf(providerId: string): ProviderMode | undefined {
    return this.find(providerId)?.mode;
  }

  /**
   * The id that owns the connection: the one in every message to HBS and in every answer (OICP §6.5). Of an id that is
   * not ours (any more) the id itself.
   */
  answersAs(providerId: string): string {
    const provider = this.find(providerId);
    return provider ? connectionIdOf(provider) : providerId;
  }

  /** The connections whose card list is uploaded: those of offline and hybrid providers. */
  get uploading(): readonly ProviderConnection[] {
    return this.connections.filter(({ members }) => members.some(isUploaded));
  }

  /** The provider whose connection brings what names no provider of ours: the first that HBS asks. */
  get connected(): ProviderSettings | undefined {
    return this.all.find(({ mode }) => mode !== 'offline') ?? this.all[0];
  }
}

/** Whose contracts belong in the uploaded list. */
export const isUploaded = ({ mode }: ProviderSettings): boolean => mode !== 'online';
