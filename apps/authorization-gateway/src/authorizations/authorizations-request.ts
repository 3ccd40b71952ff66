import { IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** `GET /v1/authorizations`. */
export class AuthorizationSelection {
  /** The rule that decided, as in the explanation, e.g. `session-limit-reached`. */
  @IsOptional()
  @Matches(/^[a-z-]{1,60}$/)
  readonly rule?: string;

  /** Status code of OICP: `000` for a yes. */
  @IsOptional()
  @Matches(/^\d{3}$/)
  readonly code?: string;

  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,64}$/)
  readonly contractRef?: string;

  /** Answered at or after. */
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly from?: string;

  /** Answered before. */
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly to?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly cursor?: string;

  /** 1 to 500. */
  @IsOptional()
  @Matches(/^([1-9]\d?|[1-4]\d\d|500)$/)
  readonly limit?: string;
}
