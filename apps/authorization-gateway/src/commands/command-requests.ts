import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';

/** Without control characters, and nothing to inject anywhere. */
const PLAIN = /^[^\p{Cc}]*$/u;

/** What the four commands have in common. */
export class CommandRequest {
  /** Makes a repeat recognisable: the same id is carried out once. Ours if it is left out. */
  @IsOptional()
  @IsUUID()
  readonly commandId?: string;
}

/** `POST /v1/remote-starts`. */
export class RemoteStartRequest extends CommandRequest {
  /** Our name of the contract. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,64}$/)
  readonly contractRef?: string;

  /** Or its EvcoID, as registered. */
  @IsOptional()
  @IsString()
  @MaxLength(30)
  readonly contractId?: string;

  /** Exactly as it was pulled from HBS. */
  @IsString()
  @MaxLength(100)
  declare readonly evseId: string;

  /** A product of the operator (OICP §7.1). */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(50)
  @Matches(PLAIN)
  readonly partnerProductId?: string;

  /** Goes to HBS as EMPPartnerSessionID, and may come back in notifications and records. */
  @IsOptional()
  @IsUUID()
  readonly empPartnerSessionId?: string;
}

/** `POST /v1/reservations`. */
export class ReservationRequest extends RemoteStartRequest {
  /** Minutes the EVSE is kept (OICP §7.3). */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(99)
  readonly durationMinutes?: number;
}

/** `POST /v1/commands/:id/resolution`. */
export class ResolutionRequest {
  /** What really happened, as a person found out. */
  @IsIn(['accepted', 'refused'])
  declare readonly outcome: 'accepted' | 'refused';

  /** How they know. */
  @IsString()
  @MinLength(3)
  @MaxLength(1_000)
  declare readonly reason: string;

  /** The session that came of a start, if it is known. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly sessionId?: string;
}

/** `GET /v1/commands`. */
export class CommandSelection {
  @IsOptional()
  @IsIn(['sent', 'accepted', 'refused', 'unknown'])
  readonly state?: string;

  @IsOptional()
  @IsIn(['remote-start', 'remote-stop', 'reservation-start', 'reservation-stop'])
  readonly kind?: string;

  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,64}$/)
  readonly contractRef?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly sessionId?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly cursor?: string;

  @IsOptional()
  @Matches(/^\d{1,3}$/)
  readonly limit?: string;
}
