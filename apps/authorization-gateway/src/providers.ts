import { providerKey } from '@emp/oicp';
import type { Provider } from './config.ts';
import type { ProviderMode } from './domain/contract.ts';

/** The provider ids we act for. */
export class Providers {
  readonly #byKey: ReadonlyMap<string, Provider>;

  constructor(readonly all: readonly Provider[]) {
    this.#byKey = new Map(all.map((provider) => [providerKey(provider.providerId), provider]));
  }

  /** In any spelling: `DE*EMP` finds `DE-EMP`. */
  find(providerId: string): Provider | undefined {
    return this.#byKey.get(providerKey(providerId));
  }

  modeOf(providerId: string): ProviderMode | undefined {
    return this.find(providerId)?.mode;
  }

  get offline(): readonly Provider[] {
    return this.all.filter(({ mode }) => mode === 'offline');
  }

  /** The provider whose connection brings what names no provider of ours: the first online one. */
  get connected(): Provider | undefined {
    return this.all.find(({ mode }) => mode === 'online') ?? this.all[0];
  }
}
