import type { Finding } from '@emp/oicp';
import { whereJsonBreaks } from './json-fault.ts';

/** Enough for a person to start with; AdditionalInfo holds 1000 characters. */
const MOST_FINDINGS = 8;
/** A member of OICP or a place in a list. Whatever else a sender calls a member may be anything, even a card number. */
const NAMES_OF_OICP = /^([A-Za-z]{2,60}|\d{1,4})$/;

/** For `StatusCode.AdditionalInfo` of a 022: what is wrong with a message and where, never what is written there. */
export function explainFindings(findings: readonly Finding[], text: string): string {
  if (text.trim() === '') return 'the body is empty';
  // An empty member is only a warning, and still may be the one that was needed.
  const grave = findings.filter(({ severity }) => severity === 'error');
  const errors = grave.length > 0 ? grave : findings.filter(({ severity }) => severity === 'warning');
  if (errors.length === 0) return 'the message lacks what it must have';
  if (errors.some(({ code }) => code === 'not-json')) return explainNotJson(text);
  const places = errors.slice(0, MOST_FINDINGS).map((finding) => `${placeOf(finding)}: ${complaintOf(finding)}`);
  if (errors.length > MOST_FINDINGS) places.push(`and ${errors.length - MOST_FINDINGS} more`);
  return places.join('; ');
}

export function explainNotJson(text: string): string {
  if (text.trim() === '') return 'the body is empty';
  const place = whereJsonBreaks(text);
  return place === undefined ? 'not JSON' : `not JSON at line ${place.line}, column ${place.column}`;
}

const complaintOf = ({ code, message }: Finding): string => (code === 'member-missing' ? 'is missing' : message);

function placeOf({ pointer }: Finding): string {
  if (pointer === '') return 'the message';
  const names = pointer.split('/').slice(1);
  return names.map((name) => `/${NAMES_OF_OICP.test(name) ? name : '?'}`).join('');
}
