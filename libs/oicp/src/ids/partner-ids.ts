import { granted, refused, type Brand, type Decision } from '@emp/kernel';
import { OPERATOR_ID, PROVIDER_ID, PROVIDER_ID_OR_ALL } from './patterns.ts';

/** A provider (EMP) in the spelling in which it arrived: `DE-EMP`, `DE*EMP`, `DEEMP` (OICP §4.3). */
export type ProviderId = Brand<string, 'ProviderId'>;
/** An operator (CPO) in the spelling in which it arrived: `DE*ABC`, `DEABC`, `+49*536` (OICP §4.3). */
export type OperatorId = Brand<string, 'OperatorId'>;

/** Stands for "all providers" in the pricing pulls (E-42). */
export const ALL_PROVIDERS = '*';

/** Refuses with `not-a-provider-id`; `*` is no provider. */
export function parseProviderId(text: string): Decision<ProviderId, 'not-a-provider-id'> {
  const trimmed = text.trim();
  return PROVIDER_ID.test(trimmed)
    ? granted(trimmed as ProviderId)
    : refused('not-a-provider-id', 'a provider id is expected, like DE-EMP');
}

/** Refuses with `not-an-operator-id`. */
export function parseOperatorId(text: string): Decision<OperatorId, 'not-an-operator-id'> {
  const trimmed = text.trim();
  return OPERATOR_ID.test(trimmed)
    ? granted(trimmed as OperatorId)
    : refused('not-an-operator-id', 'an operator id is expected, like DE*ABC or +49*536');
}

export const isProviderIdOrAll = (text: string): boolean => PROVIDER_ID_OR_ALL.test(text);

/** What spellings of one provider have in common: `de-emp` = `DE*EMP` → `DEEMP`. */
export function providerKey(text: string): string {
  const upper = text.trim().toUpperCase();
  return upper === ALL_PROVIDERS ? upper : upper.replaceAll(/[*-]/g, '');
}

/** What spellings of one operator have in common: `DE*ABC` → `DEABC`, `+49*536` → `49*536`. */
export function operatorKey(text: string): string {
  const upper = text.trim().toUpperCase();
  return /^[A-Z]/.test(upper) ? upper.replaceAll(/[*-]/g, '') : upper.replace('+', '');
}
