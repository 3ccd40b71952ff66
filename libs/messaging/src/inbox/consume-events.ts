import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { Topic } from '@emp/events';

/** Marks the handlers that the event log serves, so that no other transport of the application takes them. */
export const EVENT_LOG = Symbol('event-log');

export interface Consumption {
  /** `<service>.<use case>`. Its progress hangs on this name: a new name starts at the beginning of the log. */
  readonly group: string;
  readonly topics: readonly Topic[];
  /**
   * Whether all its events may be handled again, from the beginning of the log: true of a read model, which comes out the
   * same; not of what orders, charges or publishes.
   */
  readonly rebuildable?: boolean;
}

/** Nest's own filter turns errors into anonymous objects; whether a retry helps would be lost. */
@Catch()
class PassErrorsOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Makes a controller method the consumer of topics:
 * `async handle(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void>`.
 * It is given events of one partition, in order, none that its group has seen before, none of an unknown type. What it
 * throws rolls everything back; the events then come one by one, those that keep failing become dead letters.
 */
export function ConsumeEvents(consumption: Consumption): MethodDecorator {
  return (target, key, descriptor) => {
    EventPattern(consumption.group, EVENT_LOG, consumption)(target, key, descriptor as PropertyDescriptor);
    UseFilters(new PassErrorsOn())(target, key, descriptor);
  };
}
