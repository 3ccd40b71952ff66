import type { Constraint } from '../member/constraint.ts';
import { ofShape, type Member } from '../member/member.ts';
import type { MemberType } from '../member/member-type.ts';
import type { FindingCode } from '../finding.ts';
import { standingComplaint, type Complaint } from './deviations.ts';

/** What a constraint complains about. */
export const complaintOf = ({ code, severity, expected, erratum }: Constraint): Complaint => ({
  code, severity, message: `${code.replaceAll('-', ' ')}; expected: ${expected}`, erratum,
});

/** The complaint about a drift of form that the reader translates. */
const drift = (code: FindingCode, message: string, erratum?: string): Complaint =>
  standingComplaint({ code, severity: 'warning', message, erratum });

/** Everything that can be wrong with the form of a value of this type. */
export interface TypeComplaints {
  readonly wrongType: Complaint;
  readonly empty: Complaint;
  readonly textAsNumber: Complaint;
  readonly numberAsText: Complaint;
  readonly booleanAsText: Complaint;
  readonly listForValue: Complaint;
  readonly objectForList: Complaint;
  readonly listForObject: Complaint;
  readonly textForObject: Complaint;
  readonly nothing: Complaint;
  readonly spelling: Complaint;
  readonly constraints: readonly { readonly test: Constraint['test']; readonly complaint: Complaint }[];
}

export function complaintsOf(type: MemberType): TypeComplaints {
  const erratum = 'erratum' in type ? type.erratum : undefined;
  return {
    wrongType: standingComplaint(complaintOf(ofShape(type))),
    empty: drift('member-empty', `empty; expected: ${type.what}`),
    textAsNumber: drift('text-as-number', `a JSON number; expected: ${type.what}, as a string`),
    numberAsText: drift('number-as-text', 'a number in quotes; expected: a JSON number'),
    booleanAsText: drift('boolean-as-text', 'not a JSON boolean; expected: true or false without quotes'),
    listForValue: drift('list-for-value', `a list with one element; expected: ${type.what}`, erratum),
    objectForList: drift('object-for-list', 'a single element; expected: a list', erratum),
    listForObject: drift('list-for-object', 'a list; expected: an object', erratum),
    textForObject: drift('text-for-object', 'a bare text; expected: an object', erratum),
    nothing: drift('coordinates-empty', `stands for nothing; expected: ${type.what}, or no member`, erratum),
    spelling: drift('value-spelling', 'a literal in another spelling; expected: that of OICP §10', erratum),
    constraints: type.constraints.map((constraint) => ({
      test: constraint.test, complaint: standingComplaint(complaintOf(constraint)),
    })),
  };
}

/** The complaint about the absence of a mandatory member. */
export const missing = (member: Member): Complaint => ({
  code: 'member-missing',
  severity: member.absence ?? 'error',
  message: `${member.name} is absent or null; expected: ${member.type.what}`,
  erratum: member.presence === 'optional' ? undefined : member.erratum,
});

/** The complaint about a member that came under another name. */
export const spelledDifferently = ({ name, erratum }: Member): Complaint =>
  drift('member-spelling', `another name; expected: ${name}`, erratum);

export const unknownMember: Complaint = standingComplaint({
  code: 'member-unknown', severity: 'note', message: 'OICP 2.3 has no such member here; it is kept',
});

export const otherCase: Complaint =
  drift('member-spelling', 'a known member in another case; names are case-sensitive');

/** Shows the unknown literal, unless it stands where people are identified. */
export function quoting(complaint: Complaint, type: MemberType, value: unknown): Complaint {
  const secret = type.shape === 'text' && type.secret;
  if (complaint.code !== 'value-unknown' || typeof value !== 'string' || secret) return complaint;
  const excerpt = value.length > LONGEST_EXCERPT ? `${value.slice(0, LONGEST_EXCERPT)}…` : value;
  const { code, severity, erratum } = complaint;
  return { code, severity, erratum, message: `${JSON.stringify(excerpt)}: ${complaint.message}` };
}

const LONGEST_EXCERPT = 40;
