/** The command was called in a way that means nothing: exit status 2. */
export class WrongUse extends Error {
  /** What to do instead, one line. */
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.name = 'WrongUse';
    this.advice = advice;
  }
}

/** Rightly called, and yet it cannot be done now: a file is missing, the event log is away. Exit status 2, too. */
export class NotPossible extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.name = 'NotPossible';
    this.advice = advice;
  }
}
