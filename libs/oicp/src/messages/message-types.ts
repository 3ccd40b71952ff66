/** Every message and its parts as types, for those who build them. */
export type { Acknowledgement } from './acknowledgement.ts';
export type { AuthorizationStart } from './authorization-start.ts';
export type { AuthorizationStop } from './authorization-stop.ts';
export type { AuthorizeRemoteReservationStart } from './authorize-remote-reservation-start.ts';
export type { AuthorizeRemoteReservationStop } from './authorize-remote-reservation-stop.ts';
export type { AuthorizeRemoteStart } from './authorize-remote-start.ts';
export type { AuthorizeRemoteStop } from './authorize-remote-stop.ts';
export type { AuthorizeStart } from './authorize-start.ts';
export type { AuthorizeStop } from './authorize-stop.ts';
export type { ChargeDetailRecord } from './charge-detail-record.ts';
export type { ChargeDetailRecordPage } from './charge-detail-record-page.ts';
export type { ChargingNotification } from './charging-notification.ts';
export type { ContractEvse, ContractEvsesPage } from './contract-evses-page.ts';
export type { ContractsDocument } from './contracts-document.ts';
export type { EvseDataPage } from './evse-data-page.ts';
export type { EvseDataRecord } from './evse-data-record.ts';
export type { EvsePricing, EvsePricingRecord, OperatorEvsePricing } from './evse-pricing.ts';
export type { EvseStatus, EvseStatuses, OperatorEvseStatus } from './evse-status.ts';
export type { EvseStatusById, EvseStatusRecords } from './evse-status-by-id.ts';
export type { EvseStatusByOperatorId } from './evse-status-by-operator-id.ts';
export type { EvseStatusRecord } from './evse-status-record.ts';
export type { FaultBody, ValidationError } from './fault-body.ts';
export type { GetChargeDetailRecords } from './get-charge-detail-records.ts';
export type {
  AdditionalReference, OperatorPricingProducts, PricingProductData, PricingProductDataRecord,
} from './pricing-product-data.ts';
export type { PullEvseData } from './pull-evse-data.ts';
export type { PullEvsePricing } from './pull-evse-pricing.ts';
export type { PullEvseStatus } from './pull-evse-status.ts';
export type { PullEvseStatusById } from './pull-evse-status-by-id.ts';
export type { PullEvseStatusByOperatorId } from './pull-evse-status-by-operator-id.ts';
export type { PullPricingProductData } from './pull-pricing-product-data.ts';
export type { AuthenticationDataRecord, ProviderAuthenticationData, PushAuthenticationData } from './push-authentication-data.ts';
export type {
  NgpContractOffer, NgpNetworkDetails, NgpOfferDetails, NgpSubscriptionDetails,
} from '../types/ngp-offer.ts';
export type { NgpGeneralInformation } from '../types/ngp-partner.ts';
export type { NgpDayTariffs, NgpPricing, NgpPricingComponent, NgpTariff } from '../types/ngp-pricing.ts';
