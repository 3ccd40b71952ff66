export { HbsClient, type NgpGroup } from './hbs-client.ts';
export { HBS_CLIENT_SQL, ensureHbsTables } from './limits/shared-rate-limiter.ts';
export { OPERATIONS, type Operation, type OperationName, type Repeatable } from './operations.ts';
export type { ClientCertificateFiles, HbsClientOptions, HbsLog, HbsTls, ObservedCall } from './options.ts';
export type { CdrPage, ContractEvsesPageRead, EvseDataPageRead, EvseStatusBatch, EvseStatusEntry } from './pages.ts';
export type { HbsFailure, HbsReason, HbsResult, HbsSuccess } from './result.ts';
