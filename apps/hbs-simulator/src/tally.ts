/** What happened since the start, counted. */
export class Tally {
  taps = 0;
  readonly answers: Record<string, number> = {};
  /** Authorizations that the EMP did not answer. */
  unanswered = 0;
  notifications = 0;
  recordsPulled = 0;
  readonly hubCalls: Record<string, number> = {};

  answered(code: string): void {
    this.answers[code] = (this.answers[code] ?? 0) + 1;
  }

  called(operation: string): void {
    this.hubCalls[operation] = (this.hubCalls[operation] ?? 0) + 1;
  }
}
