import type { Database } from '@emp/database';
import type { PrismaClient } from '@emp/prisma-authorization-gateway';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { isUploaded, type ProviderConnection } from '../../providers.ts';
import { PRISMA } from '../../tokens.ts';
import { sizeOfHeld } from './held.store.ts';
import type { DifferenceAction } from './list-record.ts';
import { countDifferences, readDifferences, sizeOfList } from './list.store.ts';

const SHOWN_PUSHES = 20;

export interface DifferenceView {
  readonly action: DifferenceAction;
  readonly kind: string;
  readonly cardRef: string | null;
  readonly contractRef: string | null;
}

export interface RefusedView {
  readonly kind: string;
  readonly cardRef: string | null;
  readonly contractRef: string | null;
  readonly statusCode: string | null;
  readonly reason: string;
  readonly refusedAt: string;
}

export type DifferenceCursor = readonly [string, string, string];

/** What there is to see of a card list: ours, what HBS holds, what differs, what was sent and what waits. */
@Injectable()
export class AuthenticationDataReader {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async show(connection: ProviderConnection) {
    const { connectionId: providerId, members } = connection;
    const scope = { connection, now: this.clock.now(), contractRefs: null };
    const [list, held, ours, differs, refused, pushes] = await Promise.all([
      this.prisma.authenticationList.findUnique({ where: { providerId } }),
      sizeOfHeld(this.database, providerId),
      sizeOfList(this.database, scope),
      countDifferences(this.database, scope),
      this.prisma.authenticationRefusal.count({ where: { providerId } }),
      this.prisma.authenticationPush.findMany({
        where: { providerId },
        orderBy: { ordinal: 'desc' },
        take: SHOWN_PUSHES,
      }),
    ]);
    const shown = pushes.map(({ providerId: _, ordinal: __, ...push }) => push);
    return {
      providerId,
      providers: members.map((member) => {
        const { providerId: id, mode, brand, uploads } = member;
        return { providerId: id, mode, brand, uploads: isUploaded(member) ? uploads : [] };
      }),
      held: { ...held, since: list?.changedAt ?? null, fullLoadedAt: list?.fullLoadedAt ?? null },
      /** `null`: HBS holds what `held` says; else why that is not sure until the next full load. */
      repair: list ? list.repair : 'never-loaded',
      ours,
      differs: { insert: differs.inserts, update: differs.updates, delete: differs.deletes },
      refused,
      waiting: shown.find(({ outcome }) => outcome === 'waiting') ?? null,
      pushes: shown,
    };
  }

  async differences(
    connection: ProviderConnection,
    page: { readonly action?: DifferenceAction; readonly after?: DifferenceCursor; readonly limit: number },
  ): Promise<{ readonly differences: readonly DifferenceView[]; readonly last: DifferenceCursor | undefined }> {
    const scope = { connection, now: this.clock.now(), contractRefs: null };
    const found = await readDifferences(this.database, scope, page);
    const last = found.length < page.limit ? undefined : found.at(-1);
    return {
      differences: found.map(({ action, kind, subjectRef, contractRef }) =>
        ({ action, kind, cardRef: kind === 'rfid' ? subjectRef : null, contractRef })),
      last: last && [last.action, last.kind, last.subjectRef],
    };
  }

  /** Records that HBS refused, with its words. */
  async refused(
    providerId: string, page: { readonly after?: readonly [string, string]; readonly limit: number },
  ): Promise<{ readonly refused: readonly RefusedView[]; readonly last: readonly [string, string] | undefined }> {
    const [kind = '', subjectRef = ''] = page.after ?? [];
    const rows = await this.database.query<RefusedView & { subjectRef: string }>(
      `SELECT refusal.kind, refusal.subject_ref AS "subjectRef", card.card_ref AS "cardRef",
         CASE refusal.kind WHEN 'rfid' THEN card.contract_ref ELSE refusal.subject_ref END AS "contractRef",
         refusal.status_code AS "statusCode", refusal.reason, refusal.refused_at AS "refusedAt"
       FROM authentication_refusal AS refusal
       LEFT JOIN card ON refusal.kind = 'rfid' AND card.card_ref = refusal.subject_ref
       WHERE refusal.provider_id = $1 AND (refusal.kind COLLATE "C", refusal.subject_ref COLLATE "C") > ($2, $3)
       ORDER BY refusal.kind COLLATE "C", refusal.subject_ref COLLATE "C" LIMIT $4`,
      [providerId, kind, subjectRef, page.limit],
    );
    const last = rows.length < page.limit ? undefined : rows.at(-1);
    return { refused: rows.map(({ subjectRef: _, ...row }) => row), last: last && [last.kind, last.subjectRef] };
  }
}
