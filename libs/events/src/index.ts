export * from './billing-events.ts';
export * from './catalogue.ts';
export * from './cdr-events.ts';
export * from './contract-events.ts';
export * from './event.ts';
export * from './network-events.ts';
export * from './session-events.ts';
export * from './topics.ts';
