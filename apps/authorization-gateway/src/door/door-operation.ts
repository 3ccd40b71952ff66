/** One message HBS sends us (OICP §8), and how it is answered. */
export interface DoorOperation {
  readonly name: 'AuthorizeStart' | 'AuthorizeStop' | 'ChargeDetailRecord' | 'ChargingNotification';
  /** Below the prefix; `:operatorID` as in the path of OICP §2.2. */
  readonly path: string;
  /** Past tense, for the log. */
  readonly event: string;
  /** What it throws becomes 021. Writes into `request.about` what the log line shall say, as soon as it is known. */
  answer(request: DoorRequest): DoorAnswer | Promise<DoorAnswer>;
  /** The answer when a message cannot be read (022: `what` and where), too much comes (106), something broke (021). */
  refuse(code: RefusalCode, what?: string): DoorAnswer;
  /** HBS was told 021, and what `answer` began may succeed all the same: decision record 0006. */
  toldFailure?(request: DoorRequest): void;
}

export type RefusalCode = '021' | '022' | '106';

export interface DoorRequest {
  /** The body as it came, byte for byte; empty if there was none. */
  readonly text: string;
  /** Decoded once; `null` for operations without an id in the path, and for one that is no operator id. */
  readonly pathOperatorId: string | null;
  /** HBS's correlation id (OICP §2.3), if it is of the form it always has. */
  readonly processId: string | null;
  readonly receivedAt: Date;
  readonly about: OutcomeFacts;
}

/** What a log line tells of a message: ids of the session and the station, never of the driver. */
export interface OutcomeFacts {
  sessionId?: string | null;
  evseId?: string | null;
  operatorId?: string | null;
  contractRef?: string | null;
  /** Which rule decided. */
  rule?: string;
  /** Something for a person to look at, e.g. `reversed-uid-known`. */
  hint?: string;
  findings?: readonly string[];
}

export interface DoorAnswer {
  /** An OICP message as JSON text. */
  readonly body: string;
  /** `Authorized`, `NotAuthorized`, `accepted` or `refused`. */
  readonly outcome: string;
  /** OICP status code. */
  readonly code: string;
}
