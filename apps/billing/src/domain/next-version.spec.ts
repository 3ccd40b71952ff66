import { nextVersion } from './next-version.ts';

const at = (text: string) => new Date(text);
const now = at('2026-05-01T00:00:00Z');
const last = { version: 3, validFrom: at('2026-04-01T00:00:00Z') };

describe('nextVersion', () => {
  it('lets the first version of a plan hold for everything before it', () => {
    expect(nextVersion(undefined, null, now)).toMatchObject({ value: { version: 1, validFrom: new Date(0), outcome: 'created' } });
    expect(nextVersion(undefined, at('2027-01-01T00:00:00Z'), now)).toMatchObject({ value: { validFrom: at('2027-01-01T00:00:00Z') } });
  });

  it('begins a later version now, or when it is asked to', () => {
    expect(nextVersion(last, null, now)).toMatchObject({ value: { version: 4, validFrom: now, outcome: 'changed' } });
    expect(nextVersion(last, at('2026-06-01T00:00:00Z'), now)).toMatchObject({ value: { validFrom: at('2026-06-01T00:00:00Z') } });
  });

  it.each([
    ['version-in-the-past', '2026-04-30T23:59:59.999Z'], ['version-before-last', '2026-04-01T00:00:00Z'], ['version-before-last', '2026-03-01T00:00:00Z'],
  ])('refuses: %s', (reason, requested) => {
    expect(nextVersion(last, at(requested), now)).toMatchObject({ ok: false, refusal: { reason } });
  });

  it('does not slip a version before one that is still to come', () => {
    const scheduled = { version: 1, validFrom: at('2026-07-01T00:00:00Z') };
    expect(nextVersion(scheduled, null, now)).toMatchObject({ ok: false, refusal: { reason: 'version-before-last' } });
  });
});
