import { outcomeOf, type CommandKind, type HbsAnswer } from './command.ts';

const no = (code: string | null, done: 'no' | 'perhaps' = 'no'): HbsAnswer => ({ ok: false, code, done });

describe('the outcome of a command', () => {
  it.each<[CommandKind, HbsAnswer, string]>([
    ['remote-start', { ok: true }, 'accepted'],
    ['remote-start', no('510'), 'refused'],
    ['remote-start', no(null), 'refused'],
    ['remote-start', no(null, 'perhaps'), 'unknown'],
    ['remote-start', no('001', 'perhaps'), 'unknown'],
    ['remote-start', no('310'), 'unknown'],
    ['remote-start', no('400'), 'refused'],
    ['reservation-start', no('310'), 'unknown'],
    ['reservation-start', no('601'), 'refused'],
    ['remote-stop', no('400', 'perhaps'), 'refused'],
    ['remote-stop', no('501', 'perhaps'), 'unknown'],
    ['reservation-stop', no('400', 'perhaps'), 'refused'],
    ['reservation-stop', no('310'), 'unknown'],
  ])('%s answered %j is %s', (kind, answer, outcome) => {
    expect(outcomeOf(kind, answer)).toBe(outcome);
  });
});
