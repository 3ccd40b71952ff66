/** Of whatever spelling a SessionID comes in, the one that is unique here: its letters have no case. */
export function sessionKey(sessionId: string): string {
  return sessionId.trim().toLowerCase();
}
