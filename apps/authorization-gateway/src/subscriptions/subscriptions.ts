import { providerKey } from '@emp/oicp';

export interface SubscribedOperator {
  readonly providerId: string;
  readonly operatorKey: string;
}

/** With which operators each of our providers has an agreement; in memory, kept current with the card index. */
export class Subscriptions {
  #byProvider: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  /** Keys of operators; `undefined` = with all: nothing is listed for the provider. */
  of(providerId: string | undefined): ReadonlySet<string> | undefined {
    if (this.#byProvider.size === 0 || providerId === undefined) return undefined;
    return this.#byProvider.get(providerKey(providerId));
  }

  replace(all: readonly SubscribedOperator[]): void {
    const byProvider = new Map<string, Set<string>>();
    for (const { providerId, operatorKey } of all) {
      const key = providerKey(providerId);
      byProvider.set(key, (byProvider.get(key) ?? new Set()).add(operatorKey));
    }
    this.#byProvider = byProvider;
  }
}
