import { systemClock, type Clock } from '@emp/kernel';
import type { OicpMessages } from '@emp/oicp';
import { Caller } from './caller.ts';
import { SharedPushLock, MemoryPushLock, type PushLock } from './limits/push-lock.ts';
import type { HbsClientOptions } from './options.ts';
import type { CdrPage, ContractEvsesPageRead, EvseDataPageRead, EvseStatusBatch } from './pages.ts';
import { walkPages } from './paging.ts';
import { push } from './push.ts';
import { errorOf, type HbsResult } from './result.ts';
import { pullStatus } from './status/pull-status.ts';

type Acknowledged = Promise<HbsResult<OicpMessages['Acknowledgement']>>;

/** Most records a page may have (OICP §2.10). */
const LARGEST_PAGE = 2_000;

export interface NgpGroup {
  readonly providerId: string;
  readonly operatorId: string;
  readonly serviceOfferId: string;
  readonly networkId: string;
  readonly groupId: string;
}

/**
 * What an EMP asks of HBS, one method per operation. Waits for its turn under the rate limits, retries what may be
 * repeated, decodes by shape. Answers are values; only the iterating pulls throw (`EmpError`, slug `hbs-<reason>`).
 * There is no health call: Hubject forbids synthetic ones.
 */
export class HbsClient {
  readonly #caller: Caller;
  readonly #clock: Clock;
  readonly #pushLock: PushLock;

  /** @throws EmpError `hbs-url-malformed` */
  constructor(options: HbsClientOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#caller = new Caller(options, this.#clock);
    const database = options.limits?.database;
    this.#pushLock = database === undefined ? new MemoryPushLock() : new SharedPushLock(database);
  }

  /**
   * Asks to start a session (OICP §7.1). Never repeated once it may have arrived: after `timeout` a session may exist;
   * wait for a notification or a record, or ask the driver.
   */
  authorizeRemoteStart(message: OicpMessages['AuthorizeRemoteStart']): Acknowledged {
    return this.#caller.ask('AuthorizeRemoteStart', 'Acknowledgement', { message, kind: 'AuthorizeRemoteStart' });
  }

  /** Repeats itself; a repeat after the session's record is refused with 400. */
  authorizeRemoteStop(message: OicpMessages['AuthorizeRemoteStop']): Acknowledged {
    return this.#caller.ask('AuthorizeRemoteStop', 'Acknowledgement', { message, kind: 'AuthorizeRemoteStop' });
  }

  /** As careful as a remote start. */
  reservationStart(message: OicpMessages['AuthorizeRemoteReservationStart']): Acknowledged {
    const kind = 'AuthorizeRemoteReservationStart';
    return this.#caller.ask(kind, 'Acknowledgement', { message, kind });
  }

  reservationStop(message: OicpMessages['AuthorizeRemoteReservationStop']): Acknowledged {
    const kind = 'AuthorizeRemoteReservationStop';
    return this.#caller.ask(kind, 'Acknowledgement', { message, kind });
  }

  /**
   * Pushes card data (OICP §7.5), strictly one push after the other across all replicas that share the database. Only a
   * `fullLoad` repeats itself; after an ambiguous `insert`, `update` or `delete` reconcile with a full load.
   */
  pushAuthenticationData(message: OicpMessages['PushAuthenticationData']): Acknowledged {
    return push(this.#caller, this.#pushLock, message);
  }

  /**
   * Pages of records received by HBS in the window; dedupe by SessionID (see `walkPages`). A walk that was interrupted
   * goes on at `firstPage`. Throws `hbs-…` errors.
   */
  getChargeDetailRecords(
    request: OicpMessages['GetChargeDetailRecords'], paging: { readonly pageSize?: number; readonly firstPage?: number } = {},
  ): AsyncIterable<CdrPage> {
    return walkPages(async (number) => {
      const answer = await this.#caller.askForText('GetChargeDetailRecords', 'ChargeDetailRecordPage', {
        message: request, kind: 'GetChargeDetailRecords', query: query(number, paging.pageSize),
      });
      if (!answer.ok) throw errorOf('GetChargeDetailRecords', answer);
      const { message, text, rejected, processId } = answer;
      return { page: { number, text, message, rejected, processId }, end: message, rejected: rejected.length };
    }, paging.firstPage);
  }

  /** Pages of EVSE data; dedupe by EvseID (see `walkPages`). Throws `hbs-…` errors. */
  async *pullEvseData(
    request: OicpMessages['PullEvseData'], paging: { readonly pageSize?: number } = {},
  ): AsyncGenerator<EvseDataPageRead> {
    const startedAt = this.#clock.now();
    yield* walkPages(async (number) => {
      const answer = await this.#caller.askForText('PullEvseData', 'EvseDataPage', {
        message: request, kind: 'PullEvseData', query: query(number, paging.pageSize),
      });
      if (!answer.ok) throw errorOf('PullEvseData', answer);
      const { message, rejected, findings, processId } = answer;
      return { page: { number, message, rejected, findings, processId, startedAt }, end: message, rejected: rejected.length };
    });
  }

  /** The unpaged status answer, parsed while it arrives: memory does not grow with the network. Throws `hbs-…` errors. */
  pullEvseStatus(
    request: OicpMessages['PullEvseStatus'], batching: { readonly batchSize?: number } = {},
  ): AsyncIterable<EvseStatusBatch> {
    return pullStatus({
      parts: this.#caller.parts,
      call: this.#caller.prepare('PullEvseStatus', { message: request, kind: 'PullEvseStatus' }),
      batchSize: batching.batchSize ?? 1_000,
      now: () => this.#clock.now(),
    });
  }

  /** At most 100 ids (OICP §7.7). */
  pullEvseStatusById(request: OicpMessages['PullEvseStatusById']): Promise<HbsResult<OicpMessages['EvseStatusById']>> {
    return this.#caller.ask('PullEvseStatusById', 'EvseStatusById', { message: request, kind: 'PullEvseStatusById' });
  }

  pullEvseStatusByOperatorId(
    request: OicpMessages['PullEvseStatusByOperatorId'],
  ): Promise<HbsResult<OicpMessages['EvseStatusByOperatorId']>> {
    const kind = 'PullEvseStatusByOperatorId';
    return this.#caller.ask(kind, 'EvseStatusByOperatorId', { message: request, kind });
  }

  /** `providerId` fills the path: this body has no ProviderID (OICP §7.9). */
  pullPricingProductData(
    providerId: string, request: OicpMessages['PullPricingProductData'],
  ): Promise<HbsResult<OicpMessages['PricingProductData']>> {
    const kind = 'PullPricingProductData';
    return this.#caller.ask(kind, 'PricingProductData', { message: request, kind, ids: { providerID: providerId } });
  }

  pullEvsePricing(request: OicpMessages['PullEvsePricing']): Promise<HbsResult<OicpMessages['EvsePricing']>> {
    return this.#caller.ask('PullEvsePricing', 'EvsePricing', { message: request, kind: 'PullEvsePricing' });
  }

  /** The NGP contracts with an operator, prices included (OICP §14). */
  ngpContracts(providerId: string, operatorId: string): Promise<HbsResult<OicpMessages['ContractsDocument']>> {
    return this.#caller.ask('NgpContracts', 'ContractsDocument', { ids: { providerID: providerId, operatorID: operatorId } });
  }

  /** Pages of the EVSEs that belong to an NGP price group. Throws `hbs-…` errors. */
  ngpContractEvses(group: NgpGroup, paging: { readonly pageSize?: number } = {}): AsyncIterable<ContractEvsesPageRead> {
    const ids = {
      providerID: group.providerId, operatorID: group.operatorId, serviceOfferID: group.serviceOfferId,
      networkID: group.networkId, groupID: group.groupId,
    };
    return walkPages(async (number) => {
      const answer = await this.#caller.ask('NgpContractEvses', 'ContractEvsesPage', { ids, query: query(number, paging.pageSize) });
      if (!answer.ok) throw errorOf('NgpContractEvses', answer);
      return { page: { number, message: answer.message, processId: answer.processId }, end: answer.message, rejected: 0 };
    });
  }

  /** Sends nothing more, finishes what is in flight, closes the connections. */
  close(): Promise<void> {
    return this.#caller.close();
  }
}

const query = (page: number, pageSize = LARGEST_PAGE): string =>
  `?page=${page}&size=${Math.min(Math.max(1, pageSize), LARGEST_PAGE)}`;
