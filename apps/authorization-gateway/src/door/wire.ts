import { isUtf8 } from 'node:buffer';
import { operatorKey, parseEvseId, parseOperatorId, parseSessionId, type Finding } from '@emp/oicp';
import type { DoorRequest } from './door-operation.ts';

/**
 * The text of a body. JSON is UTF-8; what is none is read as ISO 8859-1, which occurs (OICP §2.3): each byte becomes
 * one character, so that none is lost.
 */
export function textOf(body: Buffer): string {
  return isUtf8(body) ? body.toString('utf8') : body.toString('latin1');
}

const PROCESS_ID = /^[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}$/;

/** The Process-ID header if it has the form HBS gives it: whatever else was sent there is not logged. */
export function processIdOf(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && PROCESS_ID.test(header) ? header : null;
}

/** For a 022, where it is and what. */
export const NO_SESSION_ID = '/SessionID: is missing, or is no session id';
export const NO_IDENTIFICATION = '/Identification: is missing a card, a QR code or Plug & Charge';

/** Ids in a message, each only if it is one: a card number in the wrong member must not get into logs or tables. */
export const sessionIdOf = (text: string | undefined): string | undefined => {
  const read = parseSessionId(text ?? '');
  return read.ok ? read.value : undefined;
};
export const evseIdOf = (text: string | undefined): string | null => {
  const read = parseEvseId(text ?? '');
  return read.ok ? read.value : null;
};
export const operatorIdOf = (text: string | undefined): string | null => {
  const read = parseOperatorId(text ?? '');
  return read.ok ? read.value : null;
};

/** The operator of a message: of its body, else of its path. That the two disagree is noted, not punished. */
export function operatorOf(
  request: DoorRequest,
  bodyOperatorId: string | undefined,
  findings: readonly Finding[],
): string | null {
  const inBody = operatorIdOf(bodyOperatorId);
  const { pathOperatorId } = request;
  if (inBody === pathOperatorId && findings.length === 0) return inBody;
  const codes = findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code as string);
  if (inBody !== null && pathOperatorId !== null && operatorKey(inBody) !== operatorKey(pathOperatorId)) {
    codes.push('path-operator-differs');
  }
  if (codes.length > 0) request.about.findings = [...new Set(codes)];
  return inBody ?? pathOperatorId;
}
