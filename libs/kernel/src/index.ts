export { assertNever } from './assert-never.ts';
export type { Brand } from './brand.ts';
export { systemClock, type Clock } from './clock.ts';
export { granted, refused, type Decision, type Refusal } from './decision.ts';
export { EmpError, messageOf, type Retry } from './errors.ts';
export { newId, type IdSource } from './ids.ts';
export { parseOffsetDateTime, type OffsetDateTime } from './offset-date-time.ts';
