import { unique, type MeteringFinding } from '../finding.ts';
import type { JudgedValue } from '../judge-leaf.ts';
import { LIMITS } from '../limits.ts';
import { invalid } from '../rejection.ts';
import { NO_WRAPPING, noLeaf, type Leaf } from '../unwrap/leaf.ts';
import { unwrap } from '../unwrap/unwrap.ts';
import { valueVerdict } from '../value-verdict.ts';
import type { Question, SessionQuestions, SessionVerdict } from '../verdict.ts';
import { distinctValues } from '../verify-signed-value.ts';
import { billingFindings, billingQuestions } from './billing.ts';
import { completenessFindings, CONTRADICTIONS } from './completeness.ts';
import { judgeWithKeys } from './judge-with-keys.ts';
import { pairRegisters } from './pair-registers.ts';
import { timelineOf } from './timeline.ts';

export interface SessionOptions {
  /** The key delivered with the charge detail record (`CalibrationLawVerificationInfo.PublicKey`). */
  readonly publicKey?: string | undefined;
  /** The key a registry holds for this station. Only it answers whose signature it is. */
  readonly registeredKey?: string | undefined;
  /** `MeteringSignatureEncodingFormat`: names an unknown format, decides nothing. */
  readonly encodingFormat?: string | undefined;
}

/**
 * Verifies the signed values of one charging session and answers the four questions apart. Order does not matter,
 * copies count once. Never throws, whatever the values.
 */
export function verifySession(values: readonly string[], options: SessionOptions = {}): SessionVerdict {
  const texts = values.filter((value) => value.trim() !== '');
  const leaves =
    texts.length > LIMITS.values
      ? noLeaf(invalid('too-large', `${texts.length} values for one session`), NO_WRAPPING)
      : texts.flatMap((text) => unwrap(text));
  return verdictOnLeaves(leaves, options);
}

/** The verdict on values that are unwrapped already. */
export function verdictOnLeaves(
  leaves: readonly Leaf[],
  { publicKey, registeredKey, encodingFormat }: SessionOptions,
): SessionVerdict {
  if (leaves.length === 0) return ABSENT;
  const { judged: all, origin, findings: originFindings } = judgeWithKeys(leaves, { publicKey, registeredKey });
  const judged = distinctValues(all);
  const integrity = integrityQuestion(judged);
  const records = timelineOf(judged);
  const readings = records.flatMap((record) => record.readings);
  const { pair, findings: pairFindings } = pairRegisters(readings);
  const completeness = records.length === 0 ? [] : [...pairFindings, ...completenessFindings(records)];
  const billing = billingFindings(records, pair);
  const questions = soberly({
    integrity,
    origin,
    completeness: completenessQuestion(completeness, judged, records.length),
    billing: billingQuestions(billing, pair),
  });
  const verdict = overall(questions, judged, completeness);
  const shown = verdict.verdict === 'invalid' ? undefined : pair;
  return {
    ...verdict,
    questions,
    energyKwh: shown?.energyKwh,
    register: shown?.begin.register.text,
    begin: shown?.begin.time,
    end: shown?.end.time,
    values: judged.map((value) => valueVerdict(value, encodingFormat)),
    findings: unique([
      ...judged.flatMap((value) => value.findings.filter(({ question }) => question === 'integrity')),
      ...originFindings,
      ...completeness,
      ...billing,
    ]),
  };
}

/** What unproven values say in their own favour answers nothing. */
function soberly(questions: SessionQuestions): SessionQuestions {
  if (questions.integrity.answer === 'yes') return questions;
  const sober = (question: Question): Question =>
    question.answer === 'yes' ? { answer: 'unknown', why: 'what the values say is not proven' } : question;
  const { energy, duration, time } = questions.billing;
  return {
    ...questions,
    completeness: sober(questions.completeness),
    billing: { energy: sober(energy), duration: sober(duration), time: sober(time) },
  };
}

function integrityQuestion(judged: readonly JudgedValue[]): Question {
  const refused = firstRejection(judged, 'invalid');
  if (refused) return { answer: 'no', why: refused.message };
  const open = firstRejection(judged, 'unverifiable');
  if (open) return { answer: 'unknown', why: open.message };
  return {
    answer: 'yes',
    why: judged.length === 1 ? 'the key signed these bytes' : `the key signed all ${judged.length} values`,
  };
}

const firstRejection = (judged: readonly JudgedValue[], integrity: 'invalid' | 'unverifiable') =>
  judged.map(({ rejection }) => rejection).find((rejection) => rejection?.integrity === integrity);

function completenessQuestion(
  findings: readonly MeteringFinding[],
  judged: readonly JudgedValue[],
  read: number,
): Question {
  const error = firstError(findings);
  if (read < judged.length) return { answer: 'unknown', why: 'not every value could be read' };
  return error
    ? { answer: 'no', why: error.message }
    : { answer: 'yes', why: 'begin and end are there, of one meter, with nothing missing between' };
}

const firstError = (findings: readonly MeteringFinding[]) => findings.find(({ severity }) => severity === 'error');

type Overall = Pick<SessionVerdict, 'verdict' | 'code' | 'why'>;

function overall(
  questions: SessionQuestions,
  judged: readonly JudgedValue[],
  completeness: readonly MeteringFinding[],
): Overall {
  const refused = firstRejection(judged, 'invalid');
  if (refused) return { verdict: 'invalid', code: refused.code, why: refused.message };
  if (questions.origin.answer === 'no') return { verdict: 'invalid', code: 'key-changed', why: questions.origin.why };
  const contradiction = completeness.find(({ severity, code }) => severity === 'error' && CONTRADICTIONS.has(code));
  if (contradiction) return { verdict: 'invalid', code: contradiction.code, why: contradiction.message };
  const open = firstRejection(judged, 'unverifiable');
  if (open) return { verdict: 'unverifiable', code: open.code, why: open.message };
  const missing = firstError(completeness);
  if (missing) return { verdict: 'unverifiable', code: missing.code, why: missing.message };
  return { verdict: 'valid', code: 'signed', why: questions.integrity.why };
}

const NOTHING: Question = { answer: 'unknown', why: 'there are no signed values' };

const ABSENT: SessionVerdict = {
  verdict: 'absent',
  code: 'absent',
  why: NOTHING.why,
  questions: {
    integrity: NOTHING,
    origin: NOTHING,
    completeness: NOTHING,
    billing: { energy: NOTHING, duration: NOTHING, time: NOTHING },
  },
  energyKwh: undefined,
  register: undefined,
  begin: undefined,
  end: undefined,
  values: [],
  findings: [],
};
