/** What `startService` puts within reach of every provider of a service: `@Inject(DATABASE) database: Database`. */
export const LOG = Symbol('LOG');
export const METER = Symbol('METER');
export const CLOCK = Symbol('CLOCK');
export const DATABASE = Symbol('DATABASE');
export const BROKER = Symbol('BROKER');
export const OUTBOX = Symbol('OUTBOX');
