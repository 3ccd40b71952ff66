/** Where "now" comes from. Rules take the instant as an argument; only handlers and jobs ask a clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
