/** Why something was not done: a value, not an error. `reason` is a stable slug, `detail` is for a person. */
export interface Refusal<Reason extends string = string> {
  readonly reason: Reason;
  readonly detail: string;
}

export type Decision<T, Reason extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal<Reason> };

export const granted = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const refused = <Reason extends string>(
  reason: Reason,
  detail: string,
): { readonly ok: false; readonly refusal: Refusal<Reason> } => ({ ok: false, refusal: { reason, detail } });
