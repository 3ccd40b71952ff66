import { LIMITS } from './limits.ts';

/** Why a value could not be verified (`unverifiable`) or cannot be genuine (`invalid`). */
export interface Rejection {
  readonly integrity: 'invalid' | 'unverifiable';
  /** Stable slug, e.g. `malformed`, `truncated`, `key-missing`, `unknown-format`. */
  readonly code: string;
  readonly message: string;
}

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: Rejection };

export const accepted = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const invalid = (code: string, message: string): { readonly ok: false; readonly rejection: Rejection } => ({
  ok: false,
  rejection: { integrity: 'invalid', code, message },
});

export const unverifiable = (code: string, message: string): { readonly ok: false; readonly rejection: Rejection } => ({
  ok: false,
  rejection: { integrity: 'unverifiable', code, message },
});

export const malformed = (message: string) => invalid('malformed', message);

/** A value that stops in the middle was probably cut on its way (OICP allows 3 000 characters): nobody can tell. */
export const truncated = (message: string) => unverifiable('truncated', message);

/** Broken, or cut? A value as long as the field allows gets the benefit of the doubt. */
export const brokenOrCut = (text: string, message: string) =>
  text.length >= LIMITS.truncatedFrom && text.length <= 3_000
    ? truncated(`${message}; with ${text.length} characters it was probably cut`)
    : malformed(message);
