import { IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export const SESSION_STATES = ['authorized', 'reserved', 'charging', 'ended', 'closed', 'expired', 'cancelled'] as const;

/** `GET /v1/sessions`. */
export class SessionSelection {
  /** `record-missing`: whose record should have come, and has not. */
  @IsOptional()
  @IsIn([...SESSION_STATES, 'record-missing'])
  readonly state?: (typeof SESSION_STATES)[number] | 'record-missing';

  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,64}$/)
  readonly contractRef?: string;

  /** As HBS names it, in any spelling. */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  readonly operator?: string;

  /** First heard of at or after. */
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly from?: string;

  /** First heard of before. */
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly until?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly cursor?: string;

  @IsOptional()
  @IsString()
  @MaxLength(10)
  readonly limit?: string;
}
