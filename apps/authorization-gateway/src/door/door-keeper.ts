import { CLOCK, LOG, METER, type Log } from '@emp/service-kit';
import type { Clock } from '@emp/kernel';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config.ts';
import { CONFIG } from '../tokens.ts';
import { AuthorizeStartOperation } from '../authorize-start/authorize-start.operation.ts';
import { AuthorizeStopOperation } from '../authorize-stop/authorize-stop.operation.ts';
import { ChargingNotificationOperation } from '../charging-notification/charging-notification.operation.ts';
import { ReceiveCdrOperation } from '../receive-cdr/receive-cdr.operation.ts';
import { DoorDesk } from './door-desk.ts';
import { createDoor, openDoor } from './door.ts';

/** Told where the door is, once it is open. */
export type DoorOpened = (url: string) => void;
export const DOOR_OPENED = Symbol('DOOR_OPENED');

/** Opens the door when the card index is loaded, and closes it before anything behind it. */
@Injectable()
export class DoorKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #door: FastifyInstance;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(DOOR_OPENED) private readonly opened: DoorOpened,
    desk: DoorDesk,
    authorizeStart: AuthorizeStartOperation,
    authorizeStop: AuthorizeStopOperation,
    receiveCdr: ReceiveCdrOperation,
    chargingNotification: ChargingNotificationOperation,
  ) {
    this.#door = createDoor({
      operations: [authorizeStart, authorizeStop, receiveCdr, chargingNotification],
      desk,
      prefix: config.DOOR_PREFIX,
      bodyLimitBytes: config.DOOR_BODY_LIMIT_BYTES,
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    const url = await openDoor(this.#door, { host: this.config.DOOR_HOST, port: this.config.DOOR_PORT });
    this.log.info({ url: `${url}${this.config.DOOR_PREFIX}` }, 'door open');
    this.opened(url);
  }

  /** What is in flight is answered first. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#door.close();
  }
}

export const doorDeskProvider = {
  provide: DoorDesk,
  inject: [LOG, CLOCK, METER, CONFIG],
  useFactory: (log: Log, clock: Clock, meter: Meter, config: GatewayConfig): DoorDesk =>
    new DoorDesk({ log, clock, meter, deadlineMs: config.DOOR_DEADLINE_MS }),
};
