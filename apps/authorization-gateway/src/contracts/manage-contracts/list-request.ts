import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Problem } from '@emp/service-kit';
import { decodeCursor, type Cursor } from '../../sessions/cursor.ts';

/** What every list takes. */
export class PageRequest {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  readonly limit: number = 50;

  @ApiProperty({ type: String, required: false, description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  readonly cursor?: string;
}

export class ContractsRequest extends PageRequest {
  @IsOptional()
  @IsIn(['active', 'blocked'])
  readonly status?: 'active' | 'blocked';

  @IsOptional()
  @IsString()
  @MaxLength(20)
  readonly providerId?: string;

  @ApiProperty({ type: String, required: false, description: 'the pseudonym cus-…, or the reference it was made of' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly customerRef?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly tariffPlanId?: string;
}

export class CardsRequest extends PageRequest {
  @IsOptional()
  @IsIn(['active', 'blocked', 'ended'])
  readonly status?: 'active' | 'blocked' | 'ended';
}

/** @throws Problem 400 for a cursor that is none of ours. */
export function pageStart(cursor: string | undefined): Cursor | undefined {
  const start = cursor === undefined ? undefined : decodeCursor(cursor);
  if (cursor === undefined || start) return start;
  throw new Problem(400, 'cursor-malformed', 'the cursor is not one of ours: take "next" of the page before');
}
