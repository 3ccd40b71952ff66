import fc from 'fast-check';
import { publicFile } from '../../test/samples.ts';
import {
  dinFormOf, evcoCheck, evcoCheckDigit, evcoKey, evseKey, isStrictEvcoId, isStrictEvseId, operatorKey, operatorPrefixOf,
  parseEvcoId, parseEvseId, parseOperatorId, parseProviderId, parseSessionId, parseUid, providerKey, providerOfEvcoId,
  reversedUid, type Uid,
} from '../index.ts';
import { din91286CheckDigit } from './check-digit-din91286.ts';
import { iso15118CheckDigit } from './check-digit-iso15118.ts';
import * as patterns from './patterns.ts';

describe('EVSE ids', () => {
  it.each(['DE*AB7*E840*6487', 'DEAB7E8406487', 'de*ab7*e840*6487'])('knows %s as one EVSE', (text) => {
    expect(evseKey(text)).toBe('DEAB7E8406487');
    expect(parseEvseId(text)).toEqual({ ok: true, value: text });
  });

  it('keeps the stars of DIN ids, which separate numbers of any length', () => {
    expect(evseKey('+49*810*000*438')).toBe('49*810*000*438');
    expect(evseKey('49*810*000*438')).toBe(evseKey('+49*810*000*438'));
    expect(evseKey('49*810*0*00438')).not.toBe(evseKey('49*810*000*438'));
  });

  it.each(['', 'DE*AB7*E', 'CH*CPI*E-1', 'DE*ICE*I01000*6', '+49*AB7*840*6487', 'DE*AB7*E1111111111111111111111111111111'])(
    'refuses %j', (text) => {
      expect(parseEvseId(text)).toMatchObject({ ok: false, refusal: { reason: 'not-an-evse-id' } });
    },
  );

  it('tells the published upper-case form from the tolerated one', () => {
    expect([isStrictEvseId('CH*GFT*E*Alexandra*1'), isStrictEvseId('CH*GFT*E*ALEXANDRA*1')]).toEqual([false, true]);
  });

  it.each([['DEAB7E8406487', 'DE*AB7'], ['+49*810*000*438', '+49*810'], ['nonsense', undefined]])(
    'reads the prefix of %s', (text, prefix) => {
      expect(operatorPrefixOf(text)).toBe(prefix);
    },
  );
});

describe('partner ids', () => {
  it('compares providers and operators without separators and case', () => {
    expect(['DE-EMP', 'de*emp', 'DEEMP'].map(providerKey)).toEqual(['DEEMP', 'DEEMP', 'DEEMP']);
    expect(['DE*ABC', 'deabc', '+49*536', '49*536'].map(operatorKey)).toEqual(['DEABC', 'DEABC', '49*536', '49*536']);
    expect(providerKey('*')).toBe('*');
  });

  it.each(['DE8E', 'DE-8EO-', '+49*810', '*', 'DE|8EO'])('takes %s for no provider', (text) => {
    expect(parseProviderId(text).ok).toBe(false);
  });

  it.each([['DE*A36', true], ['DEA36', true], ['+49*536', true], ['DE-A36', false], ['CH*FASTNED', false]])(
    'operator id %s: %s', (text, ok) => {
      expect(parseOperatorId(text).ok).toBe(ok);
    },
  );

  it('accepts session ids that are no UUIDs', () => {
    expect(parseSessionId('zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz').ok).toBe(true);
    expect(parseSessionId('b26888557f0000026d8e48d883f6abb6').ok).toBe(false);
  });
});

describe('contract ids', () => {
  it.each([
    ['DE-8EO-CAet5e4XY-3', 'DE8EOCAET5E4XY'],
    ['DE8EOCAet5e4XY', 'DE8EOCAET5E4XY'],
    ['NL*TNM*122045*0', 'NLTNM122045'],
    ['NLTNM122045', 'NLTNM122045'],
    ['nl-tnm-000122045-u', 'NLTNM000122045'],
  ])('compares %s as %s, check character or not', (text, key) => {
    expect(parseEvcoId(text).ok).toBe(true);
    expect(evcoKey(text)).toBe(key);
  });

  it.each(['DE|8EO|Aet5e4|3', 'DE-8EO-C12345678-|', 'NLTNM076', '', 'DE-8EO-Aet5e4-A', 'Европарулит123'])(
    'refuses %j and does not repeat it', (text) => {
      const read = parseEvcoId(text);
      expect(read.ok).toBe(false);
      if (!read.ok && text !== '') expect(read.refusal.detail).not.toContain(text);
    },
  );

  it('computes check characters and never enforces them', () => {
    expect(evcoCheckDigit('DE83DUIEN83QGZ')).toBe('D');
    expect(['NL-TNM-000122045-U', 'NL-TNM-000122045-X', 'NLTNM000122045'].map(evcoCheck)).toEqual(['fits', 'differs', 'absent']);
    expect(parseEvcoId('NL-TNM-000122045-X').ok).toBe(true);
    expect([iso15118CheckDigit('short'), din91286CheckDigit('INTNM0000-1')]).toEqual([undefined, undefined]);
  });

  it('finds the DIN form in an ISO id that was made from one', () => {
    expect(['NL-TNM-000122045-U', 'NL-TNM-C00122045-K', 'DE-8EO-CAet5e4XY-3'].map(dinFormOf))
      .toEqual(['NL-TNM-012204-5', 'NL-TNM-012204-5', undefined]);
  });

  it('names the provider', () => {
    expect(providerOfEvcoId('de8eocaet5e4xy')).toBe('DE-8EO');
  });

  it('says what the published pattern says, but for the pipes', () => {
    expect(['DE-8EO-CAet5e4XY-3', 'DE8EOAet5e43', 'DE8EOCAet5e43X', 'de-8eo-c12345678-3', 'DE|8EO|Aet5e4|3'].map(isStrictEvcoId))
      .toEqual([true, true, false, false, false]);
  });
});

describe('UIDs', () => {
  it.each(['044a2daa856280', '04:4A:2D:AA:85:62:80', '04 4A 2D AA 85 62 80', ' 04-4A-2D-AA-85-62-80 '])('reads %j', (text) => {
    expect(parseUid(text)).toEqual({ ok: true, value: '044A2DAA856280' });
  });

  it.each(['AFFH1768', '12345ABCD', '04A1B2', ''])('refuses %j', (text) => {
    expect(parseUid(text)).toMatchObject({ ok: false, refusal: { reason: 'not-a-uid' } });
  });

  it('reverses bytes, not digits', () => {
    expect(reversedUid('044A2DAA856280' as Uid)).toBe('806285AA2D4A04');
  });
});

describe('properties of ids', () => {
  const evse = fc.stringMatching(patterns.EVSE_ID_STRICT);
  const evco = fc.stringMatching(patterns.EVCO_ID_TOLERATED);

  it('parse what their grammar makes, as it is, and have keys that are keys of themselves', () => {
    fc.assert(fc.property(evse, (text) => {
      expect(parseEvseId(text)).toEqual({ ok: true, value: text });
      expect(evseKey(evseKey(text))).toBe(evseKey(text));
      expect(evseKey(text.toLowerCase())).toBe(evseKey(text));
    }), { numRuns: 100 });
    fc.assert(fc.property(evco, (text) => {
      expect(parseEvcoId(text)).toEqual({ ok: true, value: text });
      expect(evcoKey(evcoKey(text) + (evcoCheckDigit(text) ?? ''))).toBe(evcoKey(text));
      expect(evcoKey(text.toLowerCase())).toBe(evcoKey(text));
    }), { numRuns: 100 });
    fc.assert(fc.property(fc.stringMatching(patterns.UID), (uid) => {
      expect(reversedUid(reversedUid(uid as Uid))).toBe(uid);
    }));
  });

  it('never throw, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      for (const use of [parseEvseId, parseEvcoId, parseUid, parseSessionId, evseKey, evcoKey, evcoCheckDigit, evcoCheck, dinFormOf]) use(text);
    }), { numRuns: 50 });
  });

  it('have patterns that mean the same with the u flag', () => {
    for (const pattern of Object.values(patterns)) expect(() => new RegExp(pattern.source, 'u')).not.toThrow();
  });
});

const vectors = publicFile('oicp-messages/regex-test-vectors.json');
if (vectors !== undefined) {
  const ours: Readonly<Record<string, RegExp>> = {
    EvcoID: patterns.EVCO_ID, EvseID_asciidoc: patterns.EVSE_ID_STRICT, ProviderID: patterns.PROVIDER_ID,
    OperatorID: patterns.OPERATOR_ID, SessionID: patterns.SESSION_ID, UID: patterns.UID, HashValue_cpo: patterns.HASH_VALUE,
  };
  const published = JSON.parse(String(vectors)) as Record<string, { vectors: Record<string, boolean> }>;
  describe.each(Object.entries(ours))('the published vectors of %s', (name, pattern) => {
    it.each(Object.entries(published[name]!.vectors))('%j: %s', (text, expected) => {
      // Only the literal pipe of the published classes is closed.
      expect(pattern.test(text)).toBe(expected && !text.includes('|'));
    });
  });
}

const digits = publicFile('ids/check-digits-and-forms.json');
if (digits !== undefined) {
  const data = JSON.parse(String(digits)) as {
    iso15118_check_digit: { id14: string; check: string }[]; din91286_check_digit: { id11: string; check: string }[];
  };
  describe('recomputed check digits of others', () => {
    it.each(data.iso15118_check_digit)('ISO 15118: $id14 → $check', ({ id14, check }) => {
      expect(iso15118CheckDigit(id14)).toBe(check);
    });
    it.each(data.din91286_check_digit)('DIN SPEC 91286: $id11 → $check', ({ id11, check }) => {
      expect(din91286CheckDigit(id11)).toBe(check);
    });
  });
}
