import { lostStartOf, type LostStart, type SessionOfNobody } from './lost-start.ts';

const MINUTE = 60_000;
const start = (more: Partial<LostStart> = {}): LostStart => ({
  commandId: 'one',
  kind: 'remote-start',
  state: 'unknown',
  contractRef: 'con-1',
  evseKey: 'DESIM1',
  empPartnerSessionId: 'emp-one',
  requestedAt: 100 * MINUTE,
  ...more,
});
const session = (more: Partial<SessionOfNobody> = {}): SessionOfNobody => ({
  evseKey: 'DESIM1',
  contractRef: null,
  empPartnerSessionId: null,
  begunAt: null,
  heardAt: 101 * MINUTE,
  ...more,
});
const found = (about: SessionOfNobody, ...starts: readonly LostStart[]): string | undefined => {
  const match = lostStartOf(about, starts);
  return match && `${match.start.commandId} ${match.how}`;
};

describe('the start that a session of nobody came of', () => {
  it('is the one whose id it repeats, wherever and whenever', () => {
    const repeated = session({ empPartnerSessionId: 'emp-two', evseKey: 'DESIM9', heardAt: 1 });
    expect(found(repeated, start(), start({ commandId: 'two', empPartnerSessionId: 'emp-two', state: 'sent' }))).toBe(
      'two same-partner-session',
    );
    expect(found(session({ empPartnerSessionId: 'emp-other' }), start())).toBeUndefined();
  });

  it('is the one of its contract at its EVSE, even while that waits for its answer', () => {
    expect(found(session({ contractRef: 'con-1' }), start({ state: 'sent' }))).toBe('one same-contract-and-evse');
    expect(found(session({ contractRef: 'con-2' }), start())).toBeUndefined();
    expect(found(session({ contractRef: 'another-medium' }), start())).toBeUndefined();
    expect(found(session({ contractRef: 'con-1', evseKey: 'DESIM2' }), start())).toBeUndefined();
  });

  it('is not one that was sent after the session had begun', () => {
    expect(found(session({ contractRef: 'con-1', begunAt: 94 * MINUTE }), start())).toBeUndefined();
    expect(found(session({ contractRef: 'con-1', begunAt: 96 * MINUTE }), start())).toBe('one same-contract-and-evse');
  });

  it('is the only lost one at its EVSE, if it is heard soon', () => {
    expect(found(session(), start())).toBe('one same-evse');
    expect(found(session(), start({ state: 'sent' }))).toBeUndefined();
    expect(found(session({ heardAt: 161 * MINUTE }), start())).toBeUndefined();
    expect(found(session(), start(), start({ commandId: 'two', contractRef: 'con-2' }))).toBeUndefined();
    expect(found(session(), start(), start({ commandId: 'two', contractRef: 'con-2', state: 'sent' }))).toBeUndefined();
    expect(found(session({ evseKey: null }), start())).toBeUndefined();
  });

  it('is the start rather than the reservation of the same EVSE', () => {
    const reservation = start({ commandId: 'reserved', kind: 'reservation-start', empPartnerSessionId: 'emp-res' });
    expect(found(session({ contractRef: 'con-1' }), reservation, start())).toBe('one same-contract-and-evse');
    expect(found(session({ contractRef: 'con-1' }), reservation)).toBe('reserved same-contract-and-evse');
  });
});
