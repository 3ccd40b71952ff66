import type { FindingCode, Severity } from '../finding.ts';

/** A fragment of a JSON schema, as ajv compiles it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * One rule for the value of one member, said three ways that mean the same: a predicate (class-validator and the
 * reader use it), a JSON schema (ajv compiles it), and words.
 */
export interface Constraint {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What is expected, as the end of the sentence "… expected: ". */
  readonly expected: string;
  readonly erratum?: string;
  readonly test: (value: unknown) => boolean;
  readonly schema: JsonSchema;
}

export interface Weight {
  readonly severity?: Severity;
  readonly erratum?: string;
}

type Rule = Pick<Constraint, 'code' | 'expected' | 'test' | 'schema'>;

const weighed = (rule: Rule, { severity = 'error', erratum }: Weight = {}): Constraint => ({
  ...rule,
  severity,
  ...(erratum === undefined ? {} : { erratum }),
});

/** The text matches; `pattern` must mean the same with and without the `u` flag, and have no flags itself. */
export const matching = (code: FindingCode, pattern: RegExp, expected: string, weight?: Weight): Constraint =>
  weighed({
    code,
    expected,
    test: (value) => typeof value !== 'string' || pattern.test(value),
    schema: { pattern: pattern.source },
  }, weight);

/** The text does not match. */
export const notMatching = (code: FindingCode, pattern: RegExp, expected: string, weight?: Weight): Constraint =>
  weighed({
    code,
    expected,
    test: (value) => typeof value !== 'string' || !pattern.test(value),
    schema: { not: { type: 'string', pattern: pattern.source } },
  }, weight);

/** Length in UTF-16 units, as HBS (Java) counts. */
export const atMostLong = (max: number, weight?: Weight): Constraint =>
  weighed({
    code: 'too-long',
    expected: `at most ${max} characters`,
    test: (value) => typeof value !== 'string' || value.length <= max,
    schema: { maxLength: max },
  }, weight);

export const atLeastLong = (min: number, weight?: Weight): Constraint =>
  weighed({
    code: min === 1 ? 'member-empty' : 'too-short',
    expected: min === 1 ? 'a text that is not empty' : `at least ${min} characters`,
    test: (value) => typeof value !== 'string' || value.length >= min,
    schema: { minLength: min },
  }, weight);

export const oneOfLiterals = (literals: readonly string[], weight?: Weight): Constraint => {
  const known = new Set<unknown>(literals);
  return weighed({
    code: 'value-unknown',
    expected: literals.length > 8 ? 'a literal of the enumeration (OICP §10)' : `one of ${literals.map((l) => `"${l}"`).join(', ')}`,
    test: (value) => typeof value !== 'string' || known.has(value),
    schema: { enum: [...literals] },
  }, weight);
};

export const atLeast = (min: number, weight?: Weight): Constraint =>
  weighed({
    code: 'below-minimum',
    expected: `at least ${min}`,
    test: (value) => typeof value !== 'number' || value >= min,
    schema: { minimum: min },
  }, weight);

export const atMost = (max: number, weight?: Weight): Constraint =>
  weighed({
    code: 'above-maximum',
    expected: `at most ${max}`,
    test: (value) => typeof value !== 'number' || value <= max,
    schema: { maximum: max },
  }, weight);

export const whole: Constraint = {
  code: 'not-an-integer',
  severity: 'error',
  expected: 'a whole number',
  test: (value) => typeof value !== 'number' || Number.isInteger(value),
  schema: { type: 'integer' },
};

export const notEmptyList = (weight?: Weight): Constraint =>
  weighed({
    code: 'list-empty',
    expected: 'at least one element',
    test: (value) => !Array.isArray(value) || value.length > 0,
    schema: { minItems: 1 },
  }, weight);

export const listAtMost = (max: number, weight?: Weight): Constraint =>
  weighed({
    code: 'list-too-long',
    expected: `at most ${max} elements`,
    test: (value) => !Array.isArray(value) || value.length <= max,
    schema: { maxItems: max },
  }, weight);
