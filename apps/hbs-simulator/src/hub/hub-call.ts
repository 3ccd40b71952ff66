import type { World } from '../world.ts';

/** A call of an EMP, its path and body agreeing on who calls. */
export interface HubCall {
  readonly world: World;
  readonly providerId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: unknown;
}

export interface HubReply {
  readonly httpStatus?: number;
  /** JSON text. */
  readonly text: string;
  /** The connection ends instead. */
  readonly lost?: boolean;
}

export type HubOperation = (call: HubCall) => HubReply | Promise<HubReply>;

/** What HBS says to a message it cannot read or validate (OICP §2.5), with HTTP 400. */
export function faultBody(message: string, errors: readonly { readonly field: string; readonly error: string }[]): HubReply {
  return {
    httpStatus: 400,
    text: JSON.stringify({
      extendedInfo: null,
      message,
      validationErrors: errors.map(({ field, error }) => ({ fieldReference: field, errorMessage: error })),
    }),
  };
}

export const missing = (...fields: readonly string[]): HubReply =>
  faultBody('Error parsing/validating JSON.', fields.map((field) => ({ field, error: 'may not be null' })));

/** The texts of a list, or of a single text in its place; `undefined` if absent. */
export function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

/** An instant in milliseconds, or `undefined`. */
export function instantOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
