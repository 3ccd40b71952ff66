import type { Clock } from '@emp/kernel';

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
  #epochMillis: number;

  /** Starts at an instant, by default on the first of May 2026. */
  constructor(start: Date | string = '2026-05-01T08:00:00.000Z') {
    this.#epochMillis = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#epochMillis);
  }

  advance(by: { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number; readonly ms?: number }): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 } = by;
    this.#epochMillis += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + ms;
  }
}
