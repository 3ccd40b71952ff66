/** What a driver's app may ask of HBS (OICP §7.1–7.4). */
export type CommandKind = 'remote-start' | 'remote-stop' | 'reservation-start' | 'reservation-stop';

/**
 * `sent`: written down and on its way. `unknown`: it may have happened; it is never sent again by itself, and stays so
 * until a notification, a record or a person tells.
 */
export type CommandState = 'sent' | 'accepted' | 'refused' | 'unknown';

/** What came back from HBS, or did not. */
export type HbsAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string | null; readonly done: 'no' | 'perhaps' };

export const isStart = (kind: CommandKind): boolean => kind === 'remote-start' || kind === 'reservation-start';

/** HBS passed the wish on and the operator kept silent: it may be charging all the same. */
const OPERATOR_SILENT = '310';
/** The session is over, or was never there: whatever an earlier try did, there is nothing left to stop. */
const SESSION_INVALID = '400';

/** What an answer makes of a command; after a lost one nothing is repeated (OICP §2.8). */
export function outcomeOf(kind: CommandKind, answer: HbsAnswer): Exclude<CommandState, 'sent'> {
  if (answer.ok) return 'accepted';
  if (!isStart(kind) && answer.code === SESSION_INVALID) return 'refused';
  return answer.done === 'perhaps' || answer.code === OPERATOR_SILENT ? 'unknown' : 'refused';
}
