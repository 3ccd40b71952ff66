import { STATUS_CODES } from '@emp/oicp';
import { MEANING_OF_CODE, MEANING_OF_UNKNOWN, meaningOf, type RefusalMeaning } from './refusal-meanings.ts';

/** What HBS itself checks, in its order, and what operators answer (OICP §7.1), plus what §7.2 and §7.3 add. */
const CODES_OF_THE_REFERENCE = [
  '017', '300', '210', '603', '604', '310', '320', '501', '510', '601', '602', '700', '021', '400', '022', '001', '002',
];

const said = ({ de, en }: RefusalMeaning): readonly string[] => [de, en];

describe('what a refusal means for the driver', () => {
  it.each(CODES_OF_THE_REFERENCE)('is written for %s, in both languages', (code) => {
    const meaning = MEANING_OF_CODE[code];
    expect(meaning).toBeDefined();
    expect(meaning?.de).toMatch(/[.]$/);
    expect(meaning?.en).toMatch(/[.]$/);
    expect(meaning?.de).not.toBe(meaning?.en);
  });

  it('knows only codes that exist', () => {
    expect(Object.keys(MEANING_OF_CODE).filter((code) => !(code in STATUS_CODES))).toEqual([]);
  });

  it('speaks of no codes and of nobody’s systems', () => {
    for (const meaning of [...Object.values(MEANING_OF_CODE), ...Object.values(MEANING_OF_UNKNOWN)]) {
      for (const text of said(meaning)) expect(text).not.toMatch(/\d{3}|HBS|Hubject|OICP|EVSE/);
    }
  });

  it('tells the driver to plug in, that it is occupied, or not in the contract (§7.1)', () => {
    expect(meaningOf({ code: '510', rule: null }).nextStep).toBe('plug-in-and-try-again');
    expect(meaningOf({ code: '602', rule: null }).en).toContain('occupied');
    for (const code of ['210', '300', '604']) expect(meaningOf({ code, rule: null }).en).toContain('with your contract');
  });

  it('prefers our own rule to its code, and has something to say to codes nobody knows', () => {
    expect(meaningOf({ code: '210', rule: 'session-limit-reached' }).nextStep).toBe('end-another-session');
    expect(meaningOf({ code: '999', rule: null }).en).toContain('refused');
    expect(meaningOf({ code: null, rule: null }).nextStep).toBe('try-again-later');
  });
});
