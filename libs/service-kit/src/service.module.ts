import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { HEALTH_CHECKS, HealthController, METRICS, type HealthChecks } from './health.controller.ts';
import type { Metrics } from './metrics.ts';
import type { ServiceParts } from './service-parts.ts';
import { BROKER, CLOCK, DATABASE, LOG, METER, OUTBOX } from './tokens.ts';

/** The frame around a service's own module: shared parts by token, health and metrics by HTTP. */
@Module({})
export class ServiceModule {
  static around(
    module: Type | DynamicModule,
    parts: ServiceParts,
    frame: { readonly metrics: Metrics; readonly checks: HealthChecks },
  ): DynamicModule {
    const values = [
      { provide: LOG, useValue: parts.log },
      { provide: METER, useValue: parts.meter },
      { provide: CLOCK, useValue: parts.clock },
      { provide: DATABASE, useValue: parts.database },
      { provide: BROKER, useValue: parts.broker },
      { provide: OUTBOX, useValue: parts.outbox },
    ];
    return {
      module: ServiceModule,
      global: true,
      imports: [module],
      controllers: [HealthController],
      providers: [...values, { provide: HEALTH_CHECKS, useValue: frame.checks }, { provide: METRICS, useValue: frame.metrics }],
      exports: values.map((value) => value.provide),
    };
  }
}
