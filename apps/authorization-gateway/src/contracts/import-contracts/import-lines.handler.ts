import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { retryable, type Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { DATABASE, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Counter, Meter } from '@opentelemetry/api';
import { Providers } from '../../providers.ts';
import { ContractRecords } from '../register-contracts/contract-records.ts';
import { RegisterContractsHandler, type Registered } from '../register-contracts/register-contracts.handler.ts';
import { ImportBatch } from './import-batch.ts';
import { advance, endImport, lastLineOf, stillThere, type BatchOutcome } from './imports.store.ts';
import { LineReader, type ImportFormat, type ImportKind, type ReadLine } from './line-reader.ts';
import { sourceLines } from './source-lines.ts';

const SIGN_OF_LIFE_MS = 5_000;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 200;

export interface ImportSource {
  readonly importId: string;
  readonly kind: ImportKind;
  readonly format: ImportFormat;
  /** Lines up to here are passed over: they were taken by an import that was interrupted. */
  readonly afterLine: number;
  readonly stream: Readable;
}

/** A batch that is being committed while the next one is read. */
interface Committing {
  readonly done: Promise<void>;
}

/**
 * Registers a file line by line, in batches: what is wrong with a line costs that line. A batch is committed with the
 * number of its last line, so that whatever happens it is known how far the file was taken. The stream is read no
 * faster than batches are committed.
 */
@Injectable()
export class ImportLinesHandler implements OnModuleDestroy {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #lines: Counter;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
    private readonly providers: Providers,
    private readonly records: ContractRecords,
    private readonly register: RegisterContractsHandler,
  ) {
    this.#lines = meter.createCounter('bulk_import_lines', { description: 'lines of imports, by kind and outcome' });
    meter
      .createObservableGauge('bulk_imports_running', { description: 'imports that are under way in this process' })
      .addCallback((gauge) => gauge.observe(this.#running.size));
  }

  /** The service stops: imports end with the batch they are at, and say so. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running);
  }

  /** @throws HeaderFault for a file that is none; whatever interrupted it. The import's row tells the same. */
  async run(source: ImportSource): Promise<void> {
    const alive = setInterval(
      () =>
        void stillThere(this.database, source.importId).catch((error: unknown) =>
          this.log.warn({ importId: source.importId, reason: messageOf(error) }, 'no sign of life of the import written'),
        ),
      SIGN_OF_LIFE_MS,
    );
    const run = this.#run(source).finally(() => clearInterval(alive));
    this.#running.add(run);
    try {
      await run;
    } catch (error) {
      const detail = this.#stop.signal.aborted ? 'the service was stopped' : messageOf(error);
      await endImport(this.database, source.importId, { state: 'interrupted', detail });
      this.log.warn({ importId: source.importId, reason: detail }, 'import interrupted');
      throw error;
    } finally {
      this.#running.delete(run);
    }
  }

  async #run(source: ImportSource): Promise<void> {
    const reader = new LineReader(source.kind, source.format, this.providers);
    let committing: Committing = { done: Promise.resolve() };
    let batch = new ImportBatch();
    let from = source.afterLine;
    const commit = async (): Promise<void> => {
      const { lines } = batch;
      const last = lines.at(-1)?.number ?? from;
      batch = new ImportBatch();
      await committing.done;
      this.#stop.signal.throwIfAborted();
      const done = this.#commit(source, lines, from);
      // Awaited before the next one; until then nobody else looks whether it failed.
      done.catch(() => undefined);
      committing = { done };
      from = last;
    };
    try {
      for await (const lines of sourceLines(addAbortSignal(this.#stop.signal, source.stream))) {
        for (const line of lines) {
          const read = reader.read(line);
          if (!read || read.number <= source.afterLine) continue;
          if (batch.take(read)) continue;
          await commit();
          batch.take(read);
        }
      }
      if (batch.lines.length > 0) await commit();
    } finally {
      await committing.done;
    }
    await endImport(this.database, source.importId, { state: 'done' });
  }

  /** Tries again what may succeed: a file of a million lines does not fail for one deadlock. */
  async #commit(source: ImportSource, lines: readonly ReadLine[], from: number): Promise<void> {
    const last = lines.at(-1)?.number ?? from;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(source, lines, from);
      } catch (error) {
        if (!retryable(error) || attempt === ATTEMPTS) throw error;
        this.log.warn({ importId: source.importId, attempt, reason: messageOf(error) }, 'batch of an import failed');
        await pause(FIRST_PAUSE_MS * 2 ** attempt, undefined, { signal: this.#stop.signal });
        // The answer to a commit may have been lost, but not the commit.
        if ((await lastLineOf(this.database, source.importId)) === last) return;
      }
    }
  }

  async #attempt({ importId, kind }: ImportSource, lines: readonly ReadLine[], from: number): Promise<void> {
    const refusals = lines.filter((line) => line.kind === 'refused');
    const outcome = (changed: number, unknown: typeof refusals = []): BatchOutcome => ({
      lastLine: lines.at(-1)?.number ?? from,
      read: lines.length,
      kept: lines.length - refusals.length - unknown.length,
      changed,
      refusals: [...refusals, ...unknown],
    });
    const unknown = kind === 'cards' ? await this.#ofUnknownContracts(lines) : [];
    const alongside = async (tx: Parameters<typeof advance>[0], { contracts, cards }: Registered): Promise<void> => {
      const advanced = await advance(tx, importId, from, outcome(contracts.changed + cards.changed, unknown));
      if (!advanced) throw new Error('the import was taken further by somebody else');
    };
    const options = { alongside, index: 'follows' as const };
    if (kind === 'contracts') {
      const contracts = lines.flatMap((line) => (line.kind === 'contract' ? line.contract : []));
      await this.register.register(contracts, options);
    } else {
      const refused = new Set(unknown.map(({ number }) => number));
      const cards = lines.flatMap((line) =>
        line.kind === 'card' && !refused.has(line.number)
          ? { contractRef: this.records.contractRefOf(line.evcoId), card: line.card }
          : [],
      );
      await this.register.registerCards(cards, options);
    }
    const refused = refusals.length + unknown.length;
    this.#lines.add(lines.length - refused, { kind, outcome: 'kept' });
    this.#lines.add(refused, { kind, outcome: 'refused' });
  }

  async #ofUnknownContracts(lines: readonly ReadLine[]): Promise<Extract<ReadLine, { kind: 'refused' }>[]> {
    const cards = lines.flatMap((line) =>
      line.kind === 'card' ? { number: line.number, contractRef: this.records.contractRefOf(line.evcoId) } : [],
    );
    const known = await this.database.query<{ contract_ref: string }>(
      'SELECT contract_ref FROM contract WHERE contract_ref = ANY($1)',
      [cards.map(({ contractRef }) => contractRef)],
    );
    const refs = new Set(known.map(({ contract_ref }) => contract_ref));
    const reasons = [{ pointer: '/contractId', detail: 'no contract is registered with this id' }];
    return cards
      .filter(({ contractRef }) => !refs.has(contractRef))
      .map(({ number }) => ({ kind: 'refused', number, reasons }));
  }
}
