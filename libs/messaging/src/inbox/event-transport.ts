import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Meter } from '@opentelemetry/api';
import type { Database } from '@emp/database';
import type { Broker } from '../broker/broker.ts';
import type { Log } from '../log.ts';

export interface EventTransportOptions {
  readonly broker: Broker;
  /** The service's own database, with the messaging tables. */
  readonly database: Database;
  readonly log: Log;
  readonly meter?: Meter;
}

export class EventTransport extends Server implements CustomTransportStrategy {
  constructor(readonly options: EventTransportOptions) { super(); }
  listen(): void {}
  async close(): Promise<void> {}
  override on(): never { throw new Error(); }
  override unwrap(): never { throw new Error(); }
}
