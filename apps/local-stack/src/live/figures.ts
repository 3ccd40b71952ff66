import { call } from '../api.ts';
import type { Stack } from '../stack.ts';

/** The state of the whole system, as its services tell it. */
export interface Figures {
  readonly gateway: {
    readonly authorizations: Readonly<Record<string, number>>;
    readonly sessions: Readonly<Record<string, number>>;
    readonly outbox: { readonly pending: number };
  };
  readonly cdrs: { readonly received: number; readonly accepted: number; readonly quarantined: number; readonly conflicts: number; readonly energyKwh: string };
  readonly billing: {
    readonly charges: number;
    readonly waiting: number;
    readonly revenue: Readonly<Record<string, string>>;
    readonly cost: Readonly<Record<string, string>>;
    readonly margin: Readonly<Record<string, string>>;
  };
  readonly poi: { readonly evses: number };
  readonly lag: number;
}

export async function readFigures(stack: Stack): Promise<Figures> {
  const [gateway, cdrs, billing, poi, lag] = await Promise.all([
    call<Figures['gateway']>('GET', `${stack.gateway}/v1/summary`),
    call<Figures['cdrs']>('GET', `${stack.cdrIngest}/v1/summary`),
    call<Figures['billing']>('GET', `${stack.billing}/v1/summary`),
    call<Figures['poi']>('GET', `${stack.poiSync}/v1/summary`),
    stack.eventLag(),
  ]);
  return { gateway, cdrs, billing, poi, lag };
}
