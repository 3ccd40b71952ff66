import { Type } from 'class-transformer';
import {
  ArrayMaxSize, IsArray, IsInt, IsObject, IsOptional, IsString, Length, Matches, Min, ValidateIf, ValidateNested,
} from 'class-validator';
import type { Overlay } from '../domain/case-overlay.ts';

/** More than blanks. */
const SAYS_SOMETHING = /\S/;

/** Why a person decides so: it stays in the audit trail, and others are told. Never a card number. */
export class ReasonRequest {
  @IsString()
  @Length(3, 1000)
  @Matches(SAYS_SOMETHING, { message: 'must say why, in words' })
  readonly reason!: string;
}

/** Texts: energies in kWh as decimals, date-times with their offset; `null` takes away what a record need not have. */
export class MembersRequest implements Overlay {
  @IsOptional() @IsString() readonly energyKwh?: string;
  @IsOptional() @IsString() readonly sessionStart?: string;
  @IsOptional() @IsString() readonly sessionEnd?: string;
  @IsOptional() @IsString() readonly evseId?: string;
  @IsOptional() @IsString() readonly contractRef?: string;
  @ValidateIf(given) @IsString() readonly meterStartKwh?: string | null;
  @ValidateIf(given) @IsString() readonly meterEndKwh?: string | null;
  @ValidateIf(given) @IsString() readonly chargingStart?: string | null;
  @ValidateIf(given) @IsString() readonly chargingEnd?: string | null;
  @ValidateIf(given) @IsString() readonly partnerProductId?: string | null;
}

export class CorrectRequest extends ReasonRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => MembersRequest)
  readonly members!: MembersRequest;

  /** Codes of errors that remain, and that the person takes the responsibility for. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  readonly acceptFindings?: string[];
}

export class ResolveConflictRequest extends ReasonRequest {
  /** The version that is right. */
  @IsInt()
  @Min(1)
  readonly version!: number;

  /** Codes of errors of that version that the person takes the responsibility for. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  readonly acceptFindings?: string[];
}

function given(_request: object, value: unknown): boolean {
  return value !== undefined && value !== null;
}
