import { providerKey } from '@emp/oicp';
import { Problem } from '@emp/service-kit';
import { z } from 'zod';
import { instantParameter } from '../cdrs/instant-parameter.ts';
import type { PullOrder } from './reconcile-cdrs.ts';

const MOST_SESSIONS = 10_000;

/** What somebody may ask to be pulled. */
export class PullOrderRequest {
  static readonly schema = z.strictObject({
    kind: z.enum(['regular', 'sweep']).optional(),
    providerId: z.string().optional(),
    from: instantParameter.optional(),
    to: instantParameter.optional(),
    sessionIds: z.array(z.string().trim().min(1).max(100)).min(1).max(MOST_SESSIONS).optional(),
  });

  constructor(private readonly providers: readonly string[]) {}

  /** @throws Problem 400 `pull-contradictory` or `provider-unknown` */
  orderOf({ kind, providerId, from, to, sessionIds }: z.infer<typeof PullOrderRequest.schema>): PullOrder {
    const providers = providerId === undefined ? this.providers : [this.known(providerId)];
    const wishes = [kind, from ?? to, sessionIds].filter((wish) => wish !== undefined);
    if (wishes.length > 1) {
      throw new Problem(400, 'pull-contradictory', 'either /kind, or a window /from and /to, or /sessionIds: not several of them');
    }
    if (sessionIds) return { kind: 'sessions', providers, sessionIds };
    if (from === undefined && to === undefined) return { kind: kind ?? 'regular', providers };
    if (from === undefined || to === undefined || from >= to) {
      throw new Problem(400, 'pull-contradictory', 'a window has /from and /to, and /from is the earlier one');
    }
    return { kind: 'window', providers, span: { from, to } };
  }

  private known(providerId: string): string {
    const provider = this.providers.find((one) => providerKey(one) === providerKey(providerId));
    if (provider !== undefined) return provider;
    throw new Problem(400, 'provider-unknown', `/providerId: records are pulled for ${this.providers.join(', ')}, not for ${providerId.slice(0, 50)}`);
  }
}
