import { Decimal } from '@emp/money';
import fc from 'fast-check';
import { hear, stateOf, unheardSession, type ChargingSession, type SessionMessage } from './charging-session.ts';

const authorized: SessionMessage = { type: 'authorized', at: 1_000 };
const stop: SessionMessage = { type: 'stop-authorized', at: 5_000 };
const recorded: SessionMessage = { type: 'recorded', at: 9_000 };
const silence: SessionMessage = { type: 'silence', at: 8_000 };
const reserved: SessionMessage = { type: 'reserved', at: 1_500, until: 900_000 };
const cancelled: SessionMessage = { type: 'cancelled', at: 6_000 };
const notified = (
  kind: 'started' | 'progressed' | 'ended' | 'failed',
  at: number,
  energyKwh: string | null = null,
  chargingSeconds: number | null = null,
): SessionMessage => ({
  type: 'notified',
  kind,
  at,
  chargingSeconds,
  energyKwh: energyKwh === null ? null : Decimal.parse(energyKwh),
});

/** What a session becomes when messages arrive in this order; what is refused leaves no trace. */
const after = (...messages: readonly SessionMessage[]): ChargingSession =>
  messages.reduce((session, message) => {
    const heard = hear(session, message);
    return heard.ok ? heard.value : session;
  }, unheardSession);

const facts = (session: ChargingSession): object => ({
  ...session,
  energyKwh: session.energyKwh?.toFixed(3) ?? null,
  state: stateOf(session),
});

const message = fc.oneof(
  fc.constant(authorized),
  fc.constant(stop),
  fc.constant(recorded),
  fc.constant(silence),
  fc.constant(reserved),
  fc.constant(cancelled),
  fc
    .record({
      kind: fc.constantFrom('started', 'progressed', 'ended', 'failed'),
      at: fc.integer({ min: 0, max: 20_000 }),
      energyKwh: fc.option(
        fc
          .integer({ min: 0, max: 99_999 })
          .map((wh) => `${Math.floor(wh / 1000)}.${String(wh % 1000).padStart(3, '0')}`),
      ),
    })
    .map(({ kind, at, energyKwh }) => notified(kind as 'started', at, energyKwh)),
);

const shuffled = fc
  .array(message, { maxLength: 9 })
  .chain((messages) =>
    fc.tuple(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
  );

describe('charging session', () => {
  it('goes from authorized over charging and ended to closed', () => {
    const story = [
      authorized,
      notified('started', 2_000),
      notified('progressed', 3_000, '1.5'),
      notified('ended', 4_000, '2'),
      recorded,
    ];
    expect(story.map((_, index) => stateOf(after(...story.slice(0, index + 1))))).toEqual([
      'authorized',
      'charging',
      'charging',
      'ended',
      'closed',
    ]);
  });

  it('is charging when only a progress was heard, and ended when only an end was', () => {
    expect(stateOf(after(authorized, notified('progressed', 3_000)))).toBe('charging');
    expect(stateOf(after(notified('ended', 3_000)))).toBe('ended');
  });

  it('stays where it was when the station reports a failure', () => {
    expect(stateOf(after(authorized, notified('failed', 2_000)))).toBe('authorized');
    expect(stateOf(after(authorized, notified('started', 2_000), notified('failed', 3_000)))).toBe('charging');
  });

  it('expires in silence, and is called back by whatever is heard later', () => {
    expect(stateOf(after(authorized, silence))).toBe('expired');
    expect(stateOf(after(authorized, silence, notified('started', 9_000)))).toBe('charging');
    expect(stateOf(after(authorized, silence, stop))).toBe('authorized');
    expect(hear(after(authorized, notified('started', 2_000)), silence)).toMatchObject({
      ok: false,
      refusal: { reason: 'session-not-silent' },
    });
  });

  it('refuses notifications and stops after the record, and takes a second record', () => {
    const closed = after(authorized, recorded);
    expect(hear(closed, notified('ended', 10_000))).toMatchObject({
      ok: false,
      refusal: { reason: 'session-closed' },
    });
    expect(hear(closed, stop)).toMatchObject({ ok: false, refusal: { reason: 'session-closed' } });
    expect(hear(closed, recorded)).toMatchObject({ ok: true });
  });

  it('never takes energy back when progress arrives out of order', () => {
    expect(
      after(notified('progressed', 3_000, '7.25'), notified('progressed', 2_000, '3.1')).energyKwh?.toString(),
    ).toBe('7.25');
  });

  it('never takes charging time back either', () => {
    const late = notified('progressed', 2_000, null, 300);
    expect(after(notified('progressed', 3_000, null, 600), late, notified('ended', 4_000)).chargingSeconds).toBe(600);
  });

  it('of a reservation is reserved until somebody charges, gives it up, or its time is over', () => {
    expect(stateOf(after(authorized, reserved))).toBe('reserved');
    expect(stateOf(after(authorized, reserved, notified('started', 2_000)))).toBe('charging');
    expect(stateOf(after(authorized, reserved, cancelled))).toBe('cancelled');
    expect(stateOf(after(authorized, reserved, silence))).toBe('expired');
    expect(stateOf(after(authorized, reserved, silence, notified('started', 9_000)))).toBe('charging');
    expect(stateOf(after(authorized, reserved, cancelled, recorded))).toBe('closed');
  });

  it('hears that a reservation was given up even after its record', () => {
    expect(after(reserved, recorded, cancelled)).toMatchObject({ cancelledAt: 6_000, recordHeardAt: 9_000 });
  });

  describe('in every order, with every message missing or repeated', () => {
    const all = {
      authorized,
      reserved,
      progressed: notified('progressed', 3_000, '1.5'),
      ended: notified('ended', 4_000, '2'),
      stop,
      cancelled,
      recorded,
      silence,
    };
    type Name = keyof typeof all;

    /** OICP §5, said of what was heard and not of how it came. */
    const stateAfter = (heard: ReadonlySet<Name>): string => {
      if (heard.has('recorded')) return 'closed';
      if (heard.has('ended')) return 'ended';
      if (heard.has('progressed')) return 'charging';
      if (heard.has('cancelled')) return 'cancelled';
      if (heard.has('silence') && !heard.has('stop')) return 'expired';
      return heard.has('reserved') ? 'reserved' : 'authorized';
    };

    function* orders(left: readonly Name[], order: readonly Name[] = []): Generator<readonly Name[]> {
      yield order;
      for (const name of left) yield* orders(left.filter((other) => other !== name), [...order, name]);
    }

    it('ends in the state that follows from what was heard', () => {
      const wrong: string[] = [];
      let looked = 0;
      for (const order of orders(Object.keys(all) as Name[])) {
        looked += 1;
        const first = order.slice(0, 1);
        const messages = [...order, ...first].map((name) => all[name]);
        if (stateOf(after(...messages)) !== stateAfter(new Set(order))) wrong.push(order.join(' '));
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      expect(looked).toBe(109_601);
    });
  });

  it('ends in the same state whatever the order of its messages', () => {
    fc.assert(
      fc.property(shuffled, ([inOrder, otherwise]) => stateOf(after(...inOrder)) === stateOf(after(...otherwise))),
    );
  });

  it('ends with the same facts whatever the order, as long as nothing is refused', () => {
    fc.assert(
      fc.property(shuffled, ([inOrder, otherwise]) => {
        const open = (messages: readonly SessionMessage[]): SessionMessage[] =>
          messages.filter(({ type }) => type !== 'recorded' && type !== 'silence');
        expect(facts(after(...open(inOrder)))).toEqual(facts(after(...open(otherwise))));
      }),
    );
  });

  it('is not moved by repeats', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 9 }), (messages) => {
        expect(facts(after(...messages, ...messages))).toEqual(facts(after(...messages)));
      }),
    );
  });
});
