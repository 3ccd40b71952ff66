import { edlSml } from '../test/edl.ts';
import { newKey } from '../test/keys.ts';
import { begin, end, ocmf, payload } from '../test/ocmf.ts';
import { compareWithRecord } from './compare-with-record.ts';
import { verifySession } from './session/verify-session.ts';

const key = newKey('secp256r1');
const signed = verifySession([ocmf(payload([begin({ RV: '100.0000' }), end({ RV: '125.4567' })]), key)], {
  registeredKey: key.spki,
});
const figures = { energyKwh: '25.457', begin: '2026-05-01T10:00:20+02:00', end: '2026-05-01T08:30:00Z' };
const compare = (more: object) => compareWithRecord(signed, { ...figures, ...more });

describe('compareWithRecord', () => {
  it('finds no difference within the digits of the record and two minutes', () => {
    expect(compare({})).toMatchObject({
      energy: { answer: 'yes' },
      begin: { answer: 'yes', differenceSeconds: 20 },
      end: { answer: 'yes', differenceSeconds: 0 },
      findings: [],
    });
    expect(compare({}).energy.differenceKwh?.toString()).toBe('0.0003');
  });

  it.each([
    ['25.456', 'yes'],
    ['25.458', 'no'],
    ['25.45', 'yes'],
    ['25.5', 'yes'],
    ['25', 'no'],
    ['26', 'no'],
    ['25.4567', 'yes'],
    ['', 'unknown'],
    ['1e9', 'no'],
  ])('compares a billed energy of %s: %s', (energyKwh, answer) =>
    expect(compare({ energyKwh }).energy.answer).toBe(answer),
  );

  it('reports an error for energy that was not signed, a warning while nothing is proven', () => {
    expect(compare({ energyKwh: '30' }).findings).toMatchObject([
      { code: 'energy-differs', severity: 'error', message: 'the record bills 30 kWh, the meter signed 25.4567 kWh' },
    ]);
    expect(
      compareWithRecord({ ...signed, verdict: 'unverifiable' }, { ...figures, energyKwh: '30' }).findings,
    ).toMatchObject([{ severity: 'warning' }]);
  });

  it('reports times that differ, and compares nothing with a clock that was never set', () => {
    expect(compare({ begin: '2026-05-01T09:50:00+02:00' }).findings).toMatchObject([
      { code: 'begin-differs', message: 'the record begins 600 s before the signed begin' },
    ]);
    const unset = verifySession(
      [
        ocmf(
          payload([begin({ TM: '1970-01-01T01:00:00,000+0100 U' }), end({ TM: '1970-01-01T01:30:00,000+0100 U' })]),
          key,
        ),
      ],
      { registeredKey: key.spki },
    );
    expect(compareWithRecord(unset, figures)).toMatchObject({
      begin: { answer: 'unknown' },
      end: { answer: 'unknown' },
    });
  });

  it('compares the clock face of meters that sign no time zone', () => {
    const meter = newKey('secp192r1');
    const files = [
      edlSml(meter),
      edlSml(meter, { seconds: 1_777_624_200, value: 317_490, pagination: 4481, secondIndex: 17_681_120 }),
    ];
    const edl = verifySession(
      files.map((file) => file.toString('hex')),
      { registeredKey: meter.point },
    );
    expect(
      compareWithRecord(edl, {
        energyKwh: '0.255',
        begin: '2026-05-01T10:00:00+02:00',
        end: '2026-05-01T10:30:00+02:00',
      }),
    ).toMatchObject({
      energy: { answer: 'yes' },
      begin: { answer: 'yes', differenceSeconds: 0 },
      end: { answer: 'yes', differenceSeconds: 0 },
    });
  });
});
