import { EmpError } from '@emp/kernel';
import type { OicpMessages } from '@emp/oicp';
import type { HbsClientOptions } from './options.ts';
import type { CdrPage, ContractEvsesPageRead, EvseDataPageRead, EvseStatusBatch } from './pages.ts';
import type { HbsResult } from './result.ts';

type Acknowledged = Promise<HbsResult<OicpMessages['Acknowledgement']>>;

const notYet = (): never => {
  throw new EmpError('hbs-client-not-built', 'this operation is being written', { retry: 'useless' });
};

/** One client for one connection to HBS (one certificate identity); several providers may use it. */
export class HbsClient {
  constructor(readonly options: HbsClientOptions) {}

  /** Asks to start a session (OICP §7.1). Never repeated blindly: after `timeout` wait for a notification or a CDR. */
  authorizeRemoteStart(_message: OicpMessages['AuthorizeRemoteStart']): Acknowledged { return notYet(); }
  authorizeRemoteStop(_message: OicpMessages['AuthorizeRemoteStop']): Acknowledged { return notYet(); }
  reservationStart(_message: OicpMessages['AuthorizeRemoteReservationStart']): Acknowledged { return notYet(); }
  reservationStop(_message: OicpMessages['AuthorizeRemoteReservationStop']): Acknowledged { return notYet(); }
  /** One push after the other, across all replicas (OICP §2.9). */
  pushAuthenticationData(_message: OicpMessages['PushAuthenticationData']): Acknowledged { return notYet(); }

  /** Pages of records; records may come twice when pages shift: dedupe by SessionID. Throws `hbs-…` errors. */
  getChargeDetailRecords(
    _request: OicpMessages['GetChargeDetailRecords'], _paging: { pageSize?: number } = {},
  ): AsyncIterable<CdrPage> { return notYet(); }
  /** Pages of EVSE data; records may come twice when pages shift: dedupe by EvseID. Throws `hbs-…` errors. */
  pullEvseData(_request: OicpMessages['PullEvseData'], _paging: { pageSize?: number } = {}): AsyncIterable<EvseDataPageRead> {
    return notYet();
  }
  /** The unpaged status answer, parsed while it arrives; memory does not grow with the network. */
  pullEvseStatus(_request: OicpMessages['PullEvseStatus'], _batching: { batchSize?: number } = {}): AsyncIterable<EvseStatusBatch> {
    return notYet();
  }
  pullEvseStatusById(_request: OicpMessages['PullEvseStatusById']): Promise<HbsResult<OicpMessages['EvseStatusById']>> {
    return notYet();
  }
  pullEvseStatusByOperatorId(
    _request: OicpMessages['PullEvseStatusByOperatorId'],
  ): Promise<HbsResult<OicpMessages['EvseStatusByOperatorId']>> { return notYet(); }
  /** `providerId` fills the path: this body has no ProviderID (OICP §7.9). */
  pullPricingProductData(
    _providerId: string, _request: OicpMessages['PullPricingProductData'],
  ): Promise<HbsResult<OicpMessages['PricingProductData']>> { return notYet(); }
  pullEvsePricing(_request: OicpMessages['PullEvsePricing']): Promise<HbsResult<OicpMessages['EvsePricing']>> { return notYet(); }

  ngpContracts(_providerId: string, _operatorId: string): Promise<HbsResult<OicpMessages['ContractsDocument']>> { return notYet(); }
  ngpContractEvses(
    _group: { providerId: string; operatorId: string; serviceOfferId: string; networkId: string; groupId: string },
    _paging: { pageSize?: number } = {},
  ): AsyncIterable<ContractEvsesPageRead> { return notYet(); }

  /** Finishes what is in flight and closes the connections. */
  async close(): Promise<void> {}
}
