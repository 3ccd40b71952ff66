import type { Database } from '@emp/database';
import { DATABASE } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';

type Counts = Readonly<Record<string, number>>;

/** Of the EVSEs that are listed now. */
export interface NetworkFigures {
  readonly evses: number;
  /** ISO 3166-1 alpha-2 or `unknown`. */
  readonly byCountry: Counts;
  readonly byStatus: Counts;
}

@Injectable()
export class SummaryStore {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async network(): Promise<NetworkFigures> {
    const [byCountry, byStatus] = await Promise.all([
      this.#counts(`SELECT coalesce(country, 'unknown') AS name, count(*)::int AS count FROM evse
                    WHERE removed_at IS NULL GROUP BY 1 ORDER BY 2 DESC, 1`),
      this.#counts(`SELECT coalesce(status, 'Unknown') AS name, count(*)::int AS count FROM evse
                    LEFT JOIN evse_status USING (evse_key) WHERE removed_at IS NULL GROUP BY 1 ORDER BY 2 DESC, 1`),
    ]);
    return { evses: Object.values(byCountry).reduce((sum, count) => sum + count, 0), byCountry, byStatus };
  }

  async #counts(text: string): Promise<Counts> {
    const rows = await this.#database.query<{ name: string; count: number }>(text);
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }
}
