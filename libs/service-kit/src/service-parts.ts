import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import type { Broker, Outbox } from '@emp/messaging';
import type { Meter } from '@opentelemetry/api';
import type { Log } from './log.ts';

/** What a service is made of besides its own code. */
export interface ServiceParts {
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly database: Database;
  readonly broker: Broker;
  readonly outbox: Outbox;
}
