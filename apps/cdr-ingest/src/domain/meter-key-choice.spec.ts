import { keyNotice, vouchedKeys, type KnownKey } from './meter-key-choice.ts';
import { NO_SIGNED_VALUES, type Answer, type MeteringOutcome } from './metering-outcome.ts';

const noon = Date.UTC(2026, 4, 1, 12);
const key = (fingerprint: string, changes: Partial<KnownKey> = {}): KnownKey => ({
  fingerprint, publicKey: `spki-${fingerprint}`, origin: 'import', validFrom: null, validUntil: null, revokedAt: null,
  notedAt: new Date(noon), ...changes,
});
const signedBy = (fingerprint: string, origin: Answer = 'unknown', integrity: Answer = 'yes'): MeteringOutcome => ({
  ...NO_SIGNED_VALUES, verdict: 'valid', key: { fingerprint, spki: '', curve: '' },
  questions: { ...NO_SIGNED_VALUES.questions, integrity: { answer: integrity, why: '' }, origin: { answer: origin, why: '' } },
});

describe('the keys that say whose signature it is', () => {
  it('are those of people and lists that were valid then, the newest first', () => {
    const keys = [
      key('old', { validFrom: new Date(noon - 2), validUntil: new Date(noon) }), key('new', { validFrom: new Date(noon) }),
      key('seen', { origin: 'first-use' }), key('stolen', { revokedAt: new Date(noon) }), key('hand', { origin: 'hand', validFrom: new Date(noon - 1) }),
    ];
    expect(vouchedKeys(keys, noon).map(({ fingerprint }) => fingerprint)).toEqual(['new', 'hand']);
    expect(vouchedKeys(keys, noon - 1).map(({ fingerprint }) => fingerprint)).toEqual(['hand', 'old']);
  });
});

describe('what the registry says of a key', () => {
  it.each([
    ['registered', signedBy('a', 'yes'), [key('a')], 'registered'],
    ['never seen', signedBy('a'), [], 'first-use'],
    ['the same as ever', signedBy('a'), [key('a', { origin: 'first-use' })], 'seen-before'],
    ['another than at first use', signedBy('b'), [key('a', { origin: 'first-use' })], 'changed'],
    ['revoked', signedBy('a'), [key('a', { revokedAt: new Date(noon) })], 'revoked'],
    ['not valid any more', signedBy('a'), [key('a', { validUntil: new Date(noon) })], 'not-valid-then'],
    ['new after all others were revoked', signedBy('b'), [key('a', { revokedAt: new Date(noon) })], 'first-use'],
    ['another than registered: the verdict says it already', signedBy('b', 'no'), [key('a')], null],
    ['of a forged value, which says nothing', signedBy('a', 'unknown', 'no'), [], null],
  ] as const)('%s', (_what, outcome, keys, expected) => {
    expect(keyNotice(outcome, keys, noon)).toBe(expected);
  });
});
