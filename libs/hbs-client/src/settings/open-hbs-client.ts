import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { providerKey } from '@emp/oicp';
import type { Meter } from '@opentelemetry/api';
import { HbsClient } from '../hbs-client.ts';
import type { ClientCertificateFiles, HbsClientOptions, HbsLog, HbsTls, ObservedCall } from '../options.ts';
import type { HbsConfig } from './hbs-variables.ts';

/** What the client needs of its service. Its database must have `HBS_CLIENT_SQL`: replicas share limits and locks. */
export interface HbsSurroundings {
  readonly database: Database;
  readonly log: HbsLog;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** The client of HBS as the configuration says, with its limits shared by every replica and its calls measured. */
export function openHbsClient(
  config: HbsConfig, { database, log, clock, meter }: HbsSurroundings, tuning: Partial<HbsClientOptions> = {},
): HbsClient {
  const tls = tlsOf(config, certificatesOf(config));
  const ofProviders = config.PROVIDERS.filter(({ clientCertificates }) => clientCertificates.length > 0)
    .map(({ providerId, clientCertificates }) => [providerKey(providerId), tlsOf(config, clientCertificates)] as const);
  return new HbsClient({
    baseUrl: config.HBS_URL,
    ...(tls === undefined ? {} : { tls }),
    providerTls: Object.fromEntries(ofProviders.flatMap(([key, own]) => (own === undefined ? [] : [[key, own]]))),
    log, clock,
    limits: { database, perMinute: config.HBS_CALLS_PER_MINUTE },
    observe: measure(meter),
    ...tuning,
  });
}

function certificatesOf(config: HbsConfig): readonly ClientCertificateFiles[] {
  return [
    pair(config.HBS_CERT_FILE, config.HBS_KEY_FILE, config.HBS_KEY_PASSPHRASE),
    pair(config.HBS_OTHER_CERT_FILE, config.HBS_OTHER_KEY_FILE, config.HBS_OTHER_KEY_PASSPHRASE),
  ].flat();
}

const pair = (certFile?: string, keyFile?: string, passphrase?: string): readonly ClientCertificateFiles[] =>
  certFile === undefined || keyFile === undefined
    ? []
    : [{ certFile, keyFile, ...(passphrase === undefined ? {} : { passphrase }) }];

function tlsOf(config: HbsConfig, clientCertificates: readonly ClientCertificateFiles[]): HbsTls | undefined {
  const { HBS_CA_FILE: caFile, HBS_TLS_RELOAD_SECONDS: seconds } = config;
  if (clientCertificates.length === 0) return undefined;
  return { clientCertificates, reloadEveryMs: seconds * 1_000, ...(caFile === undefined ? {} : { caFile }) };
}

function measure(meter: Meter): (call: ObservedCall) => void {
  const durations = meter.createHistogram('hbs_call_duration', {
    unit: 'ms',
    description: 'time of one call to HBS, by operation, outcome and provider id',
    advice: { explicitBucketBoundaries: [50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000, 300_000] },
  });
  return ({ operation, outcome, providerId, durationMs }) =>
    durations.record(durationMs, { operation, outcome, provider: providerId });
}
