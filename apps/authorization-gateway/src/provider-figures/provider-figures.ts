import type { Database } from '@emp/database';
import type { ProviderMode } from '@emp/hbs-client';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE, METER } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { Providers } from '../providers.ts';

/** What there is of one of our provider ids. */
export interface ProviderView {
  readonly providerId: string;
  readonly mode: ProviderMode;
  readonly brand: string | null;
  /** The id that speaks for it in every message. */
  readonly answersAs: string;
  readonly contracts: number;
  readonly cards: number;
  /** Of the last 24 hours: starts of known cards and contracts by the code of the answer; sessions by state. */
  readonly authorizations: Readonly<Record<string, number>>;
  readonly sessions: Readonly<Record<string, number>>;
}

interface Counts {
  readonly contracts: number;
  readonly cards: number;
  readonly authorizations: Record<string, number>;
  readonly sessions: Record<string, number>;
}

const FRESH_MS = 10_000;
const DAY_MS = 86_400_000;

const STOCK = `
  SELECT provider_id AS "providerId", count(DISTINCT contract_ref)::int AS contracts, count(card_ref)::int AS cards
  FROM contract LEFT JOIN card USING (contract_ref) GROUP BY provider_id`;

/** Of a refusal, whose it was stands in its explanation alone. */
const LATELY = `
  SELECT coalesce(provider_id, explanation->'facts'->>'providerId') AS "providerId", state,
    CASE WHEN authorized_at IS NOT NULL THEN '000' ELSE refusal_code END AS code, count(*)::int AS count
  FROM charging_session WHERE created_at > $1 GROUP BY 1, 2, 3`;

/** Figures of each provider id, counted when somebody looks, and not more often than every ten seconds. */
@Injectable()
export class ProviderFigures {
  #counted: { readonly at: number; readonly views: Promise<readonly ProviderView[]> } | undefined;

  constructor(
    private readonly providers: Providers,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(METER) meter: Meter,
  ) {
    const gauge = (
      name: string, description: string,
      of: (view: ProviderView) => Readonly<Record<string, number>>, label?: string,
    ): void => {
      meter.createObservableGauge(name, { description }).addCallback(async (observed) => {
        // With the database away a scrape goes without these.
        for (const view of await this.fresh().catch(() => [])) {
          for (const [key, count] of Object.entries(of(view))) {
            observed.observe(count, { provider: view.providerId, ...(label === undefined ? {} : { [label]: key }) });
          }
        }
      });
    };
    gauge('provider_contracts', 'contracts by provider id', ({ contracts }) => ({ all: contracts }));
    gauge('provider_cards', 'cards by provider id', ({ cards }) => ({ all: cards }));
    gauge('provider_authorizations_day', 'starts of known cards and contracts in 24 hours, by provider id and code',
      ({ authorizations }) => authorizations, 'code');
    gauge('provider_sessions_day', 'sessions of 24 hours by provider id and state', ({ sessions }) => sessions, 'state');
  }

  /** As they are now. */
  async read(): Promise<readonly ProviderView[]> {
    const [stock, lately] = await Promise.all([
      this.database.query<{ providerId: string; contracts: number; cards: number }>(STOCK),
      this.database.query<{ providerId: string | null; state: string; code: string | null; count: number }>(
        LATELY, [new Date(this.clock.now().getTime() - DAY_MS)]),
    ]);
    const counts = new Map<string, Counts>();
    for (const { providerId, contracts, cards } of stock) {
      counts.set(providerId, { contracts, cards, authorizations: {}, sessions: {} });
    }
    for (const { providerId, state, code, count } of lately) {
      if (providerId === null) continue;
      const { authorizations, sessions } = counts.get(providerId) ?? none();
      if (code !== null) authorizations[code] = (authorizations[code] ?? 0) + count;
      if (code === '000') sessions[state] = (sessions[state] ?? 0) + count;
    }
    return this.providers.all.map(({ providerId, mode, brand }) => ({
      providerId, mode, brand, answersAs: this.providers.answersAs(providerId), ...(counts.get(providerId) ?? none()),
    }));
  }

  private fresh(): Promise<readonly ProviderView[]> {
    if (this.#counted === undefined || performance.now() - this.#counted.at > FRESH_MS) {
      this.#counted = { at: performance.now(), views: this.read() };
    }
    return this.#counted.views;
  }
}

const none = (): Counts => ({ contracts: 0, cards: 0, authorizations: {}, sessions: {} });
