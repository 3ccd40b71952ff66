export { HbsClient, type NgpGroup } from './hbs-client.ts';
export { HBS_CLIENT_SQL, ensureHbsTables } from './limits/shared-rate-limiter.ts';
export { OPERATIONS, type Operation, type OperationName, type Repeatable } from './operations.ts';
export type { ClientCertificateFiles, HbsClientOptions, HbsLog, HbsTls, ObservedCall } from './options.ts';
export type { CdrPage, ContractEvsesPageRead, EvseDataPageRead, EvseStatusBatch, EvseStatusEntry } from './pages.ts';
export type { HbsFailure, HbsReason, HbsResult, HbsSuccess } from './result.ts';
export { certificatePairs, hbsVariables, type HbsConfig } from './settings/hbs-variables.ts';
export { openHbsClient, type HbsSurroundings } from './settings/open-hbs-client.ts';
export {
  connectionIdOf, connectionIdsOf, PROVIDER_MODES, UPLOADED_KINDS,
  type ProviderMode, type ProviderSettings, type UploadedKind,
} from './settings/provider-settings.ts';
export { providersVariable } from './settings/read-providers.ts';
