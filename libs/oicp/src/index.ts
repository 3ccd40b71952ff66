export * from './enums/authentication.ts';
export * from './enums/evse.ts';
export type { OpenLiteral } from './enums/open-literal.ts';
export * from './enums/pricing.ts';
export * from './enums/session.ts';
export {
  EMP_DOOR_PREFIX, endpointList, endpointPath, ENDPOINTS, endpointUrl, HBS_BASE_URLS,
  type Endpoint, type HbsEnvironment, type OperationName,
} from './endpoints/endpoints.ts';
export { ERRATA, erratumOf } from './errata/errata.ts';
export type { Erratum } from './errata/erratum.ts';
export { readEvseFeed, readEvseStatusFeed, type FeedOutcome, type FeedRecord } from './feed/national-feed.ts';
export { FINDING_CODES, type Finding, type FindingCode, type RejectedRecord, type Severity } from './finding.ts';
export { identificationOf, type IdentifiedDriver } from './identification-of.ts';
export {
  dinFormOf, evcoCheck, evcoCheckDigit, evcoKey, isStrictEvcoId, parseEvcoId, providerOfEvcoId, type EvcoId,
} from './ids/evco-id.ts';
export { din91286CheckDigit } from './ids/check-digit-din91286.ts';
export { iso15118CheckDigit } from './ids/check-digit-iso15118.ts';
export { evseKey, isStrictEvseId, operatorPrefixOf, parseEvseId, type EvseId } from './ids/evse-id.ts';
export {
  ALL_PROVIDERS, operatorKey, parseOperatorId, parseProviderId, providerKey, type OperatorId, type ProviderId,
} from './ids/partner-ids.ts';
export { parseSessionId, type SessionId } from './ids/session-id.ts';
export { parseUid, reversedUid, type Uid } from './ids/uid.ts';
export { acknowledged } from './messages/acknowledgement.ts';
export * from './messages/message-types.ts';
export { isMessageKind, MESSAGE_CLASSES, MESSAGE_KINDS, type MessageKind, type OicpMessages } from './messages/messages.ts';
export { decimalText } from './numbers/decimal-text.ts';
export { jsonPointer, valueAt } from './pointer.ts';
export { positionOf, type Position } from './position-of.ts';
export { readOicp, readOicpValue, type ReadOutcome } from './read/read.ts';
export { classifyMessage, type Classification } from './reply/classify-message.ts';
export { readReply, type OicpReply } from './reply/read-reply.ts';
export { registeredRules, type RegisteredRule } from './rules/cross-rules.ts';
export { ENERGY_TOLERANCE, LARGEST_ENERGY } from './rules/metering-rules.ts';
export { isSameProduct, productKey } from './same-product.ts';
export { sliceRecords, type RecordSlice } from './slice-records.ts';
export { statusCode } from './status-codes/status-code.ts';
export {
  STATUS_CODES, statusCodeEntry, type KnownStatusCode, type StatusCodeEntry, type StatusCodeSender,
} from './status-codes/status-codes.ts';
export * from './types/types.ts';
export { jsonSchemaOf } from './validate/schemas.ts';
export { validateOicp } from './validate/validate.ts';
export { writeOicp } from './write/write.ts';
