import { CLOCK, LOG, METER, type Log } from '@emp/service-kit';
import type { Clock } from '@emp/kernel';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../config.ts';
import { CONFIG } from '../tokens.ts';
import { AuthorizeStartOperation } from '../authorize-start/authorize-start.operation.ts';
import { AuthorizeStopOperation } from '../authorize-stop/authorize-stop.operation.ts';
import { ChargingNotificationOperation } from '../charging-notification/charging-notification.operation.ts';
import { ReceiveCdrOperation } from '../receive-cdr/receive-cdr.operation.ts';
import { addressesOf } from './addresses.ts';
import { CertificateWatch } from './certificate-watch.ts';
import type { DoorCertificates } from './door-certificates.ts';
import { DoorDesk } from './door-desk.ts';
import type { DoorOperation } from './door-operation.ts';
import { Door } from './door.ts';
import { Peers } from './peers.ts';
import { Refusals } from './refusals.ts';

/** Told where the door is, once it is open. */
export type DoorOpened = (url: string) => void;
export const DOOR_OPENED = Symbol('DOOR_OPENED');

/** Opens the door when the card index is loaded, and closes it before anything behind it. */
@Injectable()
export class DoorKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #operations: readonly DoorOperation[];
  readonly #peers: Peers;
  #door: Door | undefined;
  #watch: CertificateWatch | undefined;
  #certificateEnds = 0;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) private readonly meter: Meter,
    @Inject(DOOR_OPENED) private readonly opened: DoorOpened,
    private readonly desk: DoorDesk,
    authorizeStart: AuthorizeStartOperation,
    authorizeStop: AuthorizeStopOperation,
    receiveCdr: ReceiveCdrOperation,
    chargingNotification: ChargingNotificationOperation,
  ) {
    this.#operations = [authorizeStart, authorizeStop, receiveCdr, chargingNotification];
    const addresses = addressesOf(config.DOOR_ALLOWED_ADDRESSES);
    this.#peers = new Peers({
      addresses: addresses.ok && config.DOOR_ALLOWED_ADDRESSES.length > 0 ? addresses.value : undefined,
      fingerprints: config.DOOR_TLS_CLIENT_FINGERPRINTS,
      peerConcurrency: config.DOOR_PEER_CONCURRENCY,
      concurrency: config.DOOR_CONCURRENCY,
    });
    meter
      .createObservableGauge('door_in_flight', { description: 'messages that are being answered' })
      .addCallback((gauge) => gauge.observe(this.#peers.inFlight));
  }

  async onApplicationBootstrap(): Promise<void> {
    const { config } = this;
    const certificates = await this.#firstCertificates();
    this.#door = new Door({
      operations: this.#operations,
      desk: this.desk,
      peers: this.#peers,
      refusals: new Refusals(this.log, this.meter),
      certificates,
      prefix: config.DOOR_PREFIX,
      bodyLimitBytes: config.DOOR_BODY_LIMIT_BYTES,
      headerLimitBytes: config.DOOR_HEADER_LIMIT_BYTES,
      headerTimeoutMs: config.DOOR_HEADER_TIMEOUT_MS,
      requestTimeoutMs: config.DOOR_REQUEST_TIMEOUT_MS,
      connections: config.DOOR_CONNECTIONS,
    });
    const url = await this.#door.open({ host: config.DOOR_HOST, port: config.DOOR_PORT });
    this.#watch?.start(config.DOOR_TLS_RELOAD_SECONDS);
    this.log.info({ url: `${url}${config.DOOR_PREFIX}`, mutualTls: certificates !== undefined }, 'door open');
    this.opened(url);
  }

  /** What is in flight is answered first. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#watch?.stop();
    await this.#door?.close();
  }

  async #firstCertificates(): Promise<DoorCertificates | undefined> {
    const { DOOR_TLS_CERT_FILE, DOOR_TLS_KEY_FILE, DOOR_TLS_CLIENT_CA_FILE } = this.config;
    if (!DOOR_TLS_CERT_FILE || !DOOR_TLS_KEY_FILE || !DOOR_TLS_CLIENT_CA_FILE) return undefined;
    const files = { certFile: DOOR_TLS_CERT_FILE, keyFile: DOOR_TLS_KEY_FILE, clientCaFile: DOOR_TLS_CLIENT_CA_FILE };
    this.#watch = new CertificateWatch(files, this.log, (certificates) => {
      this.#door?.renew(certificates);
      this.#certificateEnds = certificates.validTo.getTime();
    });
    const certificates = await this.#watch.read();
    this.#certificateEnds = certificates.validTo.getTime();
    this.meter
      .createObservableGauge('door_certificate_valid_until_seconds', { description: 'Unix time, of our certificate' })
      .addCallback((gauge) => gauge.observe(Math.floor(this.#certificateEnds / 1_000)));
    return certificates;
  }
}

export const doorDeskProvider = {
  provide: DoorDesk,
  inject: [LOG, CLOCK, METER, CONFIG],
  useFactory: (log: Log, clock: Clock, meter: Meter, config: GatewayConfig): DoorDesk =>
    new DoorDesk({ log, clock, meter, deadlineMs: config.DOOR_DEADLINE_MS }),
};
