import { NO_RULES } from './contract-rules.ts';
import type { PresentedMedium } from './authorization.ts';
import type { Card, Contract } from './contract.ts';
import { decideStop, type StopListing, type StoppableSession } from './stop.ts';

const contract: Contract = {
  contractRef: 'con-1',
  providerId: 'DE-EMP',
  tariffPlanId: 'standard',
  status: 'active',
  validFrom: 0,
  validUntil: null,
  rules: NO_RULES,
};
const card: Card = { cardRef: 'card-1', contractRef: 'con-1', status: 'active', validUntil: null };
const session: StoppableSession = {
  state: 'charging',
  contractRef: 'con-1',
  cardRef: 'card-1',
  answered: 'yes',
};
const shown = (presented: Partial<Card> = {}): PresentedMedium => ({
  kind: 'rfid',
  card: { ...card, ...presented },
  contract,
});

describe('decideStop', () => {
  it.each<[string, StoppableSession | undefined, PresentedMedium, string]>([
    ['the same card', session, shown(), 'Authorized 000 same-card'],
    ['the same card, blocked since', session, shown({ status: 'blocked' }), 'Authorized 000 same-card'],
    [
      'the same card, moved to another contract since',
      session,
      { kind: 'rfid', card: { ...card, contractRef: 'con-2' }, contract: { ...contract, contractRef: 'con-2' } },
      'Authorized 000 same-card',
    ],
    ['another card of the contract', session, shown({ cardRef: 'card-2' }), 'Authorized 000 same-contract'],
    ['the vehicle of the contract', session, { kind: 'plug-and-charge', contract }, 'Authorized 000 same-contract'],
    [
      'a card of another contract',
      session,
      {
        kind: 'rfid',
        card: { ...card, cardRef: 'card-2', contractRef: 'con-2' },
        contract: { ...contract, contractRef: 'con-2' },
      },
      'NotAuthorized 102 other-medium',
    ],
    [
      'an unknown card',
      session,
      { kind: 'rfid', card: undefined, contract: undefined },
      'NotAuthorized 102 other-medium',
    ],
    [
      'the vehicle of another contract',
      session,
      { kind: 'plug-and-charge', contract: { ...contract, contractRef: 'con-2' } },
      'NotAuthorized 120 other-medium',
    ],
    [
      'a QR code of the contract with a wrong PIN',
      session,
      { kind: 'qr', contract, pin: 'wrong' },
      'NotAuthorized 101 pin-not-correct',
    ],
    [
      'a QR code of the contract with its PIN',
      session,
      { kind: 'qr', contract, pin: 'correct' },
      'Authorized 000 same-contract',
    ],
    [
      'a QR code after too many wrong PINs',
      session,
      { kind: 'qr', contract, pin: 'locked' },
      'NotAuthorized 101 pin-attempts-used-up',
    ],
    [
      'a QR code whose PIN could not be looked at in time',
      session,
      { kind: 'qr', contract, pin: 'timed-out' },
      'NotAuthorized 110 pin-check-timed-out',
    ],
    [
      'a QR code when too many come at once',
      session,
      { kind: 'qr', contract, pin: 'overloaded' },
      'NotAuthorized 106 pin-check-overloaded',
    ],
    ['the card of a denied session', { ...session, answered: 'no' }, shown(), 'NotAuthorized 400 session-denied'],
    ['any card for an unknown session', undefined, shown(), 'NotAuthorized 400 session-unknown'],
    ['the same card after the record', { ...session, state: 'closed' }, shown(), 'NotAuthorized 400 session-closed'],
    [
      'a card for a session HBS authorized',
      { ...session, contractRef: null, cardRef: null },
      shown(),
      'NotAuthorized 400 session-not-authorized-by-us',
    ],
    ['nothing', session, { kind: 'none' }, 'NotAuthorized 022 no-identification'],
  ])('answers %s', (_, of, medium, expected) => {
    const { status, code, rule } = decideStop(of, medium);
    expect(`${status} ${code} ${rule}`).toBe(expected);
  });

  it.each<[string, StoppableSession | undefined, StopListing, string]>([
    ['a listed card we do not know', session, 'listed', 'Authorized 000 listed-medium'],
    ['one that is not listed', session, 'not-listed', 'NotAuthorized 102 other-medium'],
    ['a listed card after the record', { ...session, state: 'closed' }, 'listed', 'NotAuthorized 400 session-closed'],
    ['a listed card of a denied session', { ...session, answered: 'no' }, 'listed', 'NotAuthorized 400 session-denied'],
  ])('answers %s', (_, of, listing, expected) => {
    const { status, code, rule } = decideStop(of, { kind: 'rfid', card: undefined, contract: undefined }, listing);
    expect(`${status} ${code} ${rule}`).toBe(expected);
  });
});
