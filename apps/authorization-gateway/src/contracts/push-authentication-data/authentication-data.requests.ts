import { UPLOADED_KINDS } from '@emp/hbs-client';
import { Problem } from '@emp/service-kit';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { z } from 'zod';
import type { DifferenceAction } from './list-record.ts';

/** `POST push`; without a body: what differs, of every list. */
export const pushRequest = z.strictObject({
  action: z.enum(['difference', 'fullLoad']).default('difference'),
  providerId: z.string().min(1).max(20).optional(),
}).default({ action: 'difference' });

/** `POST pushes/:id/confirm` and `reject`. */
export class DecisionRequest {
  /** Why; kept with the push. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  readonly reason!: string;
}

/** `GET :providerId/differences` and `refused`. */
export class ListPageRequest {
  @IsOptional()
  @IsIn(['insert', 'update', 'delete'])
  readonly action?: DifferenceAction;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly limit: number = 100;

  @IsOptional()
  @IsString()
  @MaxLength(300)
  readonly cursor?: string;
}

const ACTIONS: readonly string[] = ['insert', 'update', 'delete'];
const KINDS: readonly string[] = UPLOADED_KINDS;

export const encodePlace = (place: readonly string[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws Problem 400 for a cursor that is none of ours. */
export function decodePlace(cursor: string | undefined, parts: 2 | 3): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const place = parsed(cursor);
  const ofAction = parts === 2 || ACTIONS.includes(place[0] ?? '');
  const known = place.length === parts && KINDS.includes(place.at(-2) ?? '') && ofAction;
  if (known) return place;
  throw new Problem(400, 'cursor-malformed', 'the cursor is not one of ours: take "next" of the page before');
}

function parsed(cursor: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) && value.every((one) => typeof one === 'string' && !one.includes('\0')) ? value : [];
  } catch {
    return [];
  }
}
