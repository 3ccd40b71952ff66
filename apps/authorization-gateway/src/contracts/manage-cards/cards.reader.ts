import type { Queryable } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { CLOCK } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { encodeCursor } from '../../sessions/cursor.ts';
import { pageStart, type CardsRequest } from '../manage-contracts/list-request.ts';
import { shown, type Showing } from '../manage-contracts/masked.ts';

export interface CardView {
  readonly cardRef: string;
  /** Masked unless the caller has the scope `secrets`. */
  readonly uid: string;
  readonly contractRef: string;
  /** `ended`: its validity is over; it was removed, or ran out. */
  readonly status: 'active' | 'blocked' | 'ended';
  readonly validUntil: string | null;
  readonly registeredAt: string;
  readonly changedAt: string;
}

export interface CardPage {
  readonly cards: readonly CardView[];
  readonly next: string | null;
}

interface CardRow {
  readonly card_ref: string;
  readonly sealed_uid: string;
  readonly contract_ref: string;
  readonly status: 'active' | 'blocked';
  readonly valid_until: Date | null;
  readonly registered_at: Date;
  readonly changed_at: Date;
}

const CARD = 'SELECT card_ref, sealed_uid, contract_ref, status, valid_until, registered_at, changed_at FROM card';

/** $1 is the moment. */
const STATUS = {
  active: `AND status = 'active' AND (valid_until IS NULL OR valid_until > $1)`,
  blocked: `AND status = 'blocked' AND (valid_until IS NULL OR valid_until > $1)`,
  ended: 'AND valid_until <= $1',
};

/** Reads cards, in a transaction or outside of one. */
@Injectable()
export class CardsReader {
  constructor(
    private readonly vault: Vault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of one contract, newest first. */
  async page(from: Queryable, contractRef: string, request: CardsRequest, showing: Showing): Promise<CardPage> {
    const start = pageStart(request.cursor);
    const rows = await from.query<CardRow>(
      `${CARD} WHERE contract_ref = $2 AND ($1::timestamptz IS NOT NULL) ${request.status ? STATUS[request.status] : ''}
         AND ($3::timestamptz IS NULL OR (registered_at, card_ref) < ($3, $4::text))
       ORDER BY registered_at DESC, card_ref DESC LIMIT $5`,
      [this.clock.now(), contractRef, start?.at ?? null, start?.id ?? null, request.limit],
    );
    const last = rows.length === request.limit ? rows.at(-1) : undefined;
    return {
      cards: rows.map((row) => this.#view(row, showing)),
      next: last ? encodeCursor({ at: last.registered_at, id: last.card_ref }) : null,
    };
  }

  async one(from: Queryable, cardRef: string, showing: Showing): Promise<CardView | undefined> {
    const [row] = await from.query<CardRow>(`${CARD} WHERE card_ref = $1`, [cardRef]);
    return row && this.#view(row, showing);
  }

  #view(row: CardRow, showing: Showing): CardView {
    const isOver = row.valid_until !== null && row.valid_until <= this.clock.now();
    return {
      cardRef: row.card_ref,
      uid: shown(this.vault.open(row.sealed_uid), showing),
      contractRef: row.contract_ref,
      status: isOver ? 'ended' : row.status,
      validUntil: row.valid_until?.toISOString() ?? null,
      registeredAt: row.registered_at.toISOString(),
      changedAt: row.changed_at.toISOString(),
    };
  }
}
