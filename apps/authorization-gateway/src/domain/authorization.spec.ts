import { decideAuthorization, type PresentedMedium } from './authorization.ts';
import type { Card, Contract, ProviderMode } from './contract.ts';

const now = Date.parse('2026-05-01T08:00:00Z');
const contract: Contract = {
  contractRef: 'con-1',
  providerId: 'DE-EMP',
  tariffPlanId: 'standard',
  status: 'active',
  validFrom: Date.parse('2026-01-01T00:00:00Z'),
  validUntil: null,
};
const card: Card = { cardRef: 'card-1', contractRef: 'con-1', status: 'active', validUntil: null };

const rfid = (of: { card?: Partial<Card>; contract?: Partial<Contract> | null } = {}): PresentedMedium => ({
  kind: 'rfid',
  card: { ...card, ...of.card },
  contract: of.contract === null ? undefined : { ...contract, ...of.contract },
});

const decide = (medium: PresentedMedium, providerMode: ProviderMode | undefined = 'online'): string => {
  const { status, code, explanation } = decideAuthorization({ medium, providerMode }, now);
  return `${status} ${code} ${explanation.rule}`;
};

describe('decideAuthorization', () => {
  it.each<[string, PresentedMedium, string]>([
    ['a good card', rfid(), 'Authorized 000 everything-in-order'],
    ['an unknown card', { kind: 'rfid', card: undefined, contract: undefined }, 'NotAuthorized 102 card-unknown'],
    ['a blocked card', rfid({ card: { status: 'blocked' } }), 'NotAuthorized 200 card-blocked'],
    ['a card of a blocked contract', rfid({ contract: { status: 'blocked' } }), 'NotAuthorized 200 contract-blocked'],
    ['a card without contract', rfid({ contract: null }), 'NotAuthorized 210 contract-missing'],
    [
      'a blocked card whose contract has ended',
      rfid({ card: { status: 'blocked' }, contract: { validUntil: now - 1 } }),
      'NotAuthorized 200 card-blocked',
    ],
    [
      'a contract that ended yesterday',
      rfid({ contract: { validUntil: now - 86_400_000 } }),
      'NotAuthorized 210 contract-ended',
    ],
    [
      'a contract that ends this very millisecond',
      rfid({ contract: { validUntil: now } }),
      'NotAuthorized 210 contract-ended',
    ],
    [
      'a contract that ends in a millisecond',
      rfid({ contract: { validUntil: now + 1 } }),
      'Authorized 000 everything-in-order',
    ],
    [
      'a contract that begins in a millisecond',
      rfid({ contract: { validFrom: now + 1 } }),
      'NotAuthorized 210 contract-not-yet-valid',
    ],
    ['a contract that begins now', rfid({ contract: { validFrom: now } }), 'Authorized 000 everything-in-order'],
    [
      'a card that has ended before its contract',
      rfid({ card: { validUntil: now } }),
      'NotAuthorized 210 card-ended',
    ],
    [
      'a QR code of an unknown contract',
      { kind: 'qr', contract: undefined, pin: 'absent' },
      'NotAuthorized 101 contract-of-qr-unknown',
    ],
    ['a QR code with a wrong PIN', { kind: 'qr', contract, pin: 'wrong' }, 'NotAuthorized 101 pin-not-correct'],
    ['a QR code without a PIN', { kind: 'qr', contract, pin: 'absent' }, 'NotAuthorized 101 pin-not-correct'],
    [
      'a QR code when we have no PIN to compare',
      { kind: 'qr', contract, pin: 'none-on-record' },
      'NotAuthorized 101 pin-not-correct',
    ],
    ['a QR code with its PIN', { kind: 'qr', contract, pin: 'correct' }, 'Authorized 000 everything-in-order'],
    [
      'a vehicle with an unknown contract',
      { kind: 'plug-and-charge', contract: undefined },
      'NotAuthorized 120 contract-of-vehicle-unknown',
    ],
    ['a vehicle with a contract', { kind: 'plug-and-charge', contract }, 'Authorized 000 everything-in-order'],
    [
      'a vehicle with a blocked contract',
      { kind: 'plug-and-charge', contract: { ...contract, status: 'blocked' } },
      'NotAuthorized 200 contract-blocked',
    ],
    [
      'a remote identification, which is not for stations',
      { kind: 'remote' },
      'NotAuthorized 022 identification-not-for-authorization',
    ],
    ['nothing at all', { kind: 'none' }, 'NotAuthorized 022 no-identification'],
  ])('answers %s', (_, medium, expected) => {
    expect(decide(medium)).toBe(expected);
  });

  it.each([['offline' as const], [undefined]])('does not know the cards of a provider that is %s', (mode) => {
    expect(decideAuthorization({ medium: rfid(), providerMode: mode }, now)).toMatchObject({
      code: '102',
      explanation: { rule: 'provider-not-online' },
    });
  });

  it('explains itself by the facts it looked at', () => {
    const { explanation } = decideAuthorization(
      { medium: rfid({ contract: { validUntil: now - 1 } }), providerMode: 'online' },
      now,
    );
    expect(explanation).toEqual({
      rule: 'contract-ended',
      facts: {
        identification: 'rfid',
        at: '2026-05-01T08:00:00.000Z',
        cardRef: 'card-1',
        cardStatus: 'active',
        cardValidUntil: null,
        contractRef: 'con-1',
        providerId: 'DE-EMP',
        providerMode: 'online',
        contractStatus: 'active',
        contractValidFrom: '2026-01-01T00:00:00.000Z',
        contractValidUntil: '2026-05-01T07:59:59.999Z',
      },
    });
  });
});
