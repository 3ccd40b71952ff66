import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { NO_RULES } from '../../domain/contract-rules.ts';
import type { Contract } from '../../domain/contract.ts';
import { CardIndex, type IndexedCard } from './card-index.ts';
import { PackedKeys } from './packed-keys.ts';

const print = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

const contractOf = (name: string, more: Partial<Contract> = {}): Contract => ({
  contractRef: `con-${print(name).slice(0, 20)}`,
  providerId: 'DE-EMP',
  tariffPlanId: 'standard',
  status: 'active',
  validFrom: 1_767_225_600_000,
  validUntil: null,
  rules: NO_RULES,
  ...more,
});

const cardOf = (name: string, contractRef: string, more: Partial<IndexedCard> = {}): IndexedCard => ({
  fingerprint: print(name),
  cardRef: `card-${print(name).slice(0, 20)}`,
  contractRef,
  status: 'active',
  validUntil: null,
  ...more,
});

const shown = ({ fingerprint: _, ...card }: IndexedCard): object => card;

describe('the card index', () => {
  it('gives back what was put in, last come last', () => {
    const index = new CardIndex();
    const one = contractOf('one', { status: 'blocked', validUntil: 1_800_000_000_123 });
    const two = contractOf('two', { providerId: 'DE-OFL', tariffPlanId: 'other' });
    const card = cardOf('card', one.contractRef, { status: 'blocked', validUntil: 1_800_000_000_999 });
    index.put([one, two], [card]);
    expect(index.contract(one.contractRef)).toEqual(one);
    expect(index.contract(two.contractRef)).toEqual(two);
    expect(index.card(card.fingerprint)).toEqual(shown(card));
    const moved = cardOf('card', two.contractRef);
    index.put([{ ...two, status: 'blocked' }], [moved]);
    expect(index.card(card.fingerprint)).toEqual(shown(moved));
    expect(index.contract(two.contractRef)?.status).toBe('blocked');
    expect(index.size).toEqual({ cards: 1, contracts: 2 });
  });

  it('gives every contract its own rules', () => {
    const index = new CardIndex();
    const rules = { ...NO_RULES, sessionLimit: 1, operators: { allowed: ['DEABC'], denied: [] } };
    const [one, same] = [contractOf('one', { rules }), contractOf('same', { rules: { ...rules } })];
    const none = contractOf('none');
    index.put([one, same, none], []);
    expect(index.contract(one.contractRef)?.rules).toEqual(rules);
    expect(index.contract(same.contractRef)?.rules).toBe(index.contract(one.contractRef)?.rules);
    expect(index.contract(none.contractRef)?.rules).toBe(NO_RULES);
    index.put([{ ...one, rules: NO_RULES }], []);
    expect(index.contract(one.contractRef)?.rules).toEqual(NO_RULES);
  });

  it('knows nobody else', () => {
    const index = new CardIndex();
    index.put([contractOf('one')], [cardOf('card', contractOf('one').contractRef)]);
    expect(index.card(print('other'))).toBeUndefined();
    expect(index.card('')).toBeUndefined();
    expect(index.card('z'.repeat(32))).toBeUndefined();
    expect(index.contract('con-')).toBeUndefined();
    expect(index.contract(`con-${'0'.repeat(20)}`)).toBeUndefined();
  });

  it('tells a card whose contract it has not heard of', () => {
    const index = new CardIndex();
    const { contractRef } = contractOf('later');
    index.put([], [cardOf('card', contractRef)]);
    expect(index.card(print('card'))?.contractRef).toBe(contractRef);
    expect(index.contract(contractRef)).toBeUndefined();
    expect(index.size).toEqual({ cards: 1, contracts: 0 });
    index.put([contractOf('later')], []);
    expect(index.contract(contractRef)).toEqual(contractOf('later'));
  });

  it('takes references of any form', () => {
    const index = new CardIndex();
    const odd = contractOf('odd', { contractRef: 'contract of old' });
    const cards = [
      cardOf('a', odd.contractRef),
      cardOf('b', odd.contractRef, { cardRef: 'mine' }),
      cardOf('c', odd.contractRef, { fingerprint: 'short' }),
    ];
    index.put([odd], cards);
    expect(index.contract(odd.contractRef)).toEqual(odd);
    for (const card of cards) expect(index.card(card.fingerprint)).toEqual(shown(card));
    const normal = cardOf('a', contractOf('one').contractRef);
    index.put([], [normal]);
    expect(index.card(normal.fingerprint)).toEqual(shown(normal));
  });

  it('serves the old ones until the new ones are all there, and then those only', async () => {
    const index = new CardIndex();
    index.put([contractOf('old')], []);
    await index.replace(
      (async function* () {
        yield { contracts: [contractOf('new')], cards: [] };
        expect(index.contract(contractOf('old').contractRef)).toBeDefined();
      })(),
    );
    expect(index.contract(contractOf('old').contractRef)).toBeUndefined();
    expect(index.contract(contractOf('new').contractRef)).toBeDefined();
  });

  it('is stale from when it was, not from when it was said again', () => {
    const index = new CardIndex();
    index.becameCurrent();
    expect(index.staleSeconds).toBe(0);
    index.becameStale();
    const since = index.staleSeconds;
    index.becameStale();
    expect(index.staleSeconds).toBeGreaterThanOrEqual(since);
    index.becameCurrent();
    expect(index.staleSeconds).toBe(0);
  });
});

describe('packed keys', () => {
  /** Few different beginnings: they land on the same slots. */
  const key = (digits: number): fc.Arbitrary<string> =>
    fc
      .tuple(
        fc.constantFrom('00000000', 'ffffffff', '0000ffff'),
        fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits - 8, maxLength: digits - 8 }),
      )
      .map(([beginning, end]) => beginning + end.join(''));

  it.each([[32], [20]])('are a Map of %i hexadecimal digits, however they collide', (digits) => {
    fc.assert(
      fc.property(fc.array(key(digits), { maxLength: 300 }), (all) => {
        const packed = new PackedKeys(digits, 4);
        const map = new Map<string, number>();
        for (const each of all) {
          if (!map.has(each)) map.set(each, map.size);
          expect(packed.add(each)).toBe(map.get(each));
        }
        expect(packed.size).toBe(map.size);
        for (const [each, number] of map) {
          expect(packed.find(each)).toBe(number);
          expect(packed.keyOf(number)).toBe(each);
        }
        return packed.find('1'.repeat(digits)) === (map.get('1'.repeat(digits)) ?? -1);
      }),
    );
  });
});
