export { HbsClient } from './hbs-client.ts';
export { OPERATIONS, type Operation, type OperationName } from './operations.ts';
export type { ClientCertificateFiles, HbsClientOptions, HbsLog, HbsTls, ObservedCall } from './options.ts';
export type { CdrPage, ContractEvsesPageRead, EvseDataPageRead, EvseStatusBatch, EvseStatusEntry } from './pages.ts';
export type { HbsFailure, HbsReason, HbsResult, HbsSuccess } from './result.ts';
