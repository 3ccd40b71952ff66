import { integrityFinding, type MeteringFinding } from '../finding.ts';
import { isObject, type JsonObject } from '../json/json-value.ts';
import { readJson, type JsonOutcome } from '../json/read-json.ts';
import { accepted, brokenOrCut, invalid, malformed, truncated, type Outcome } from '../rejection.ts';

export interface OcmfFrame {
  /** The text between the first and the second bar, untouched: this is what is signed. */
  readonly signedText: string;
  readonly payload: JsonObject;
  readonly signature: JsonObject;
  readonly findings: readonly MeteringFinding[];
}

/** Takes `OCMF|<payload>|<signature>` apart. The payload is never re-written: its every blank is signed. */
export function readFrame(text: string): Outcome<OcmfFrame> {
  if (/\p{Surrogate}/u.test(text)) return malformed('the record is no Unicode text');
  const [, signedText = '', signatureText, ...more] = text.split('|');
  if (signatureText === undefined) return truncated('the record has no signature section');
  const payload = section(readJson(signedText), text, 'payload');
  if (!payload.ok) return payload;
  const signature = section(readJson(signatureText), text, 'signature section');
  if (!signature.ok) return signature;
  const ambiguous = [...payload.value.duplicates, ...signature.value.duplicates];
  return accepted({
    signedText,
    payload: payload.value.object,
    signature: signature.value.object,
    findings: [
      ...(ambiguous.length === 0 ? [] : [AMBIGUOUS]),
      ...(more.length === 0
        ? []
        : [integrityFinding('sections-ignored', 'note', 'text after the signature section is not looked at')]),
    ],
  });
}

/** A member that occurs twice lets two readers see two contents of the same signed bytes. */
const AMBIGUOUS: MeteringFinding = {
  question: 'billing',
  code: 'ambiguous-payload',
  severity: 'error',
  affects: 'energy',
  message: 'a member occurs twice in the record, so its content is ambiguous',
};

interface Section {
  readonly object: JsonObject;
  readonly duplicates: readonly string[];
}

function section(json: JsonOutcome, text: string, name: string): Outcome<Section> {
  if (json.ok) {
    return isObject(json.value)
      ? accepted({ object: json.value, duplicates: json.duplicates })
      : malformed(`the ${name} is no object`);
  }
  if (json.fault === 'unexpected-end') return truncated(`the ${name} stops in the middle`);
  return json.fault === 'too-deep'
    ? invalid('too-deep', `the ${name} is nested too deeply`)
    : brokenOrCut(text, `the ${name} is no JSON`);
}
