import type { Database, Transaction } from '@emp/database';
import { CardRegisteredV1, newEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, LOG, OUTBOX, Problem, type CallerIdentity, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { AnswerKeeper } from '../../idempotency/idempotent.ts';
import { CardIndexKeeper } from '../card-index/card-index-keeper.ts';
import { contractUnknown } from '../manage-contracts/change-contract.handler.ts';
import { lockContract } from '../manage-contracts/change-contract.store.ts';
import type { CardWish, NewCard } from '../manage-contracts/contract-wish.ts';
import { ContractRecords } from '../register-contracts/contract-records.ts';
import { announceChange } from '../register-contracts/register-contracts.store.ts';
import { insertCard, lockCard, saveCard, type StoredCard } from './change-card.store.ts';
import { CardsReader, type CardView } from './cards.reader.ts';

/** Adds, blocks, frees, moves and ends cards; every replica decides by it within a second, this one at once. */
@Injectable()
export class ChangeCardHandler {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly records: ContractRecords,
    private readonly reader: CardsReader,
    private readonly keeper: CardIndexKeeper,
  ) {}

  /** The same card again takes the new facts. @throws Problem 404; 409 if another contract's and not ended. */
  add(contractRef: string, wish: NewCard, caller: CallerIdentity, kept: AnswerKeeper): Promise<CardView> {
    const card = this.records.card(wish, contractRef);
    return this.#change('card added', caller, kept, async (tx, now) => {
      if (!(await lockContract(tx, contractRef))) throw contractUnknown();
      if (await insertCard(tx, card, now)) return { card, changed: true };
      const before = await lockCard(tx, card.cardRef);
      if (before && before.contractRef !== contractRef && !hasEnded(before, now)) {
        throw new Problem(
          409,
          'card-of-another-contract',
          `the card belongs to ${before.contractRef}: move it there with PATCH`,
          {
            cardRef: card.cardRef,
          },
        );
      }
      return { card, changed: await saveCard(tx, card, now) };
    });
  }

  /** @throws Problem 404 `card-unknown`, `contract-unknown` */
  change(cardRef: string, wish: CardWish, caller: CallerIdentity, kept: AnswerKeeper): Promise<CardView> {
    return this.#change('card changed', caller, kept, async (tx, now) => {
      if (wish.contractRef !== undefined && !(await lockContract(tx, wish.contractRef))) throw contractUnknown();
      const before = await locked(tx, cardRef);
      const card = {
        ...before,
        contractRef: wish.contractRef ?? before.contractRef,
        status: wish.status ?? before.status,
        validUntil: wish.validUntil === undefined ? before.validUntil : wish.validUntil,
      };
      return { card, changed: await saveCard(tx, card, now) };
    });
  }

  /** From now on the card is denied as ended. It stays known, so that records of its sessions find it. */
  end(cardRef: string, caller: CallerIdentity, kept: AnswerKeeper): Promise<CardView> {
    return this.#change('card ended', caller, kept, async (tx, now) => {
      const before = await locked(tx, cardRef);
      const card = hasEnded(before, now) ? before : { ...before, validUntil: now };
      return { card, changed: await saveCard(tx, card, now) };
    });
  }

  async #change(
    what: string,
    caller: CallerIdentity,
    kept: AnswerKeeper,
    work: (tx: Transaction, now: Date) => Promise<{ readonly card: StoredCard; readonly changed: boolean }>,
  ): Promise<CardView> {
    const answer = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const { card, changed } = await work(tx, now);
      if (changed) {
        await this.outbox.append(tx, newEvent(CardRegisteredV1, factsOf(card), { time: now }));
        await announceChange(tx, [card.contractRef]);
      }
      const answer = await this.reader.one(tx, card.cardRef, caller.has('secrets') ? 'clear' : 'masked');
      if (!answer) throw cardUnknown();
      await kept.keep(tx, answer);
      return answer;
    });
    await this.keeper.refreshed([answer.contractRef]);
    this.log.info({ cardRef: answer.cardRef, caller: caller.name, status: answer.status }, what);
    return answer;
  }
}

async function locked(tx: Transaction, cardRef: string): Promise<StoredCard> {
  const card = await lockCard(tx, cardRef);
  if (card) return card;
  throw cardUnknown();
}

export const cardUnknown = (): Problem =>
  new Problem(404, 'card-unknown', 'no card of ours; POST /v1/cards/lookup finds one by its UID');

const hasEnded = ({ validUntil }: StoredCard, now: Date): boolean => validUntil !== null && validUntil <= now;

const factsOf = ({
  cardRef,
  contractRef,
  fingerprint,
  status,
  validUntil,
}: StoredCard): Parameters<typeof CardRegisteredV1.key>[0] => ({
  cardRef,
  contractRef,
  fingerprint,
  status,
  validUntil: validUntil?.toISOString() ?? null,
});
