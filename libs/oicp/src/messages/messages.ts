import type { MessageClass } from '../member/member-type.ts';
import { Acknowledgement } from './acknowledgement.ts';
import { AuthorizationStart } from './authorization-start.ts';
import { AuthorizationStop } from './authorization-stop.ts';
import { AuthorizeRemoteReservationStart } from './authorize-remote-reservation-start.ts';
import { AuthorizeRemoteReservationStop } from './authorize-remote-reservation-stop.ts';
import { AuthorizeRemoteStart } from './authorize-remote-start.ts';
import { AuthorizeRemoteStop } from './authorize-remote-stop.ts';
import { AuthorizeStart } from './authorize-start.ts';
import { AuthorizeStop } from './authorize-stop.ts';
import { ChargeDetailRecord } from './charge-detail-record.ts';
import { ChargeDetailRecordPage } from './charge-detail-record-page.ts';
import { ChargingNotification } from './charging-notification.ts';
import { ContractEvsesPage } from './contract-evses-page.ts';
import { ContractsDocument } from './contracts-document.ts';
import { EvseDataPage } from './evse-data-page.ts';
import { EvseDataRecord } from './evse-data-record.ts';
import { EvsePricing } from './evse-pricing.ts';
import { EvseStatus } from './evse-status.ts';
import { EvseStatusById } from './evse-status-by-id.ts';
import { EvseStatusByOperatorId } from './evse-status-by-operator-id.ts';
import { EvseStatusRecord } from './evse-status-record.ts';
import { FaultBody } from './fault-body.ts';
import { GetChargeDetailRecords } from './get-charge-detail-records.ts';
import { PricingProductData } from './pricing-product-data.ts';
import { PullEvseData } from './pull-evse-data.ts';
import { PullEvsePricing } from './pull-evse-pricing.ts';
import { PullEvseStatus } from './pull-evse-status.ts';
import { PullEvseStatusById } from './pull-evse-status-by-id.ts';
import { PullEvseStatusByOperatorId } from './pull-evse-status-by-operator-id.ts';
import { PullPricingProductData } from './pull-pricing-product-data.ts';
import { PushAuthenticationData } from './push-authentication-data.ts';

/** Every kind of message and its class. */
export const MESSAGE_CLASSES = {
  AuthorizeStart, AuthorizeStop, AuthorizationStart, AuthorizationStop,
  AuthorizeRemoteStart, AuthorizeRemoteStop, AuthorizeRemoteReservationStart, AuthorizeRemoteReservationStop,
  Acknowledgement,
  ChargeDetailRecord, GetChargeDetailRecords, ChargeDetailRecordPage,
  PushAuthenticationData,
  PullEvseData, EvseDataPage, EvseDataRecord,
  PullEvseStatus, PullEvseStatusById, PullEvseStatusByOperatorId,
  EvseStatus, EvseStatusById, EvseStatusByOperatorId, EvseStatusRecord,
  PullPricingProductData, PricingProductData, PullEvsePricing, EvsePricing,
  ChargingNotification,
  ContractsDocument, ContractEvsesPage,
  FaultBody,
} as const satisfies Record<string, MessageClass>;

type Classes = typeof MESSAGE_CLASSES;

export type MessageKind = keyof Classes;

/** Kind → message: plain objects with the members of the decorated class. */
export type OicpMessages = { [Kind in MessageKind]: InstanceType<Classes[Kind]> };

export const MESSAGE_KINDS = Object.keys(MESSAGE_CLASSES) as readonly MessageKind[];

/** Whether a text names a kind of message, e.g. an argument of the command line. */
export function isMessageKind(text: string): text is MessageKind {
  return Object.hasOwn(MESSAGE_CLASSES, text);
}
