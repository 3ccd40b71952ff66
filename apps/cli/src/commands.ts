import type { Command } from './command-line/command.ts';

export interface Entry {
  readonly words: readonly string[];
  readonly usage: string;
  /** What it does, without a full stop. */
  readonly about: string;
  readonly load: () => Promise<Command>;
}

/** Groups of commands by their words, and what they are for. */
export const GROUPS: Readonly<Record<string, string>> = {
  '': 'npx emp: OICP 2.3, signed meter values and the event log, at the command line.',
  oicp: 'OICP 2.3 messages, ids and codes: for whoever integrates with Hubject. Needs no running system.',
  metering: 'Signed meter values (calibration law). Needs no running system.',
  events: 'The event log of a running system: BROKER, BROKER_URL, KAFKA_BROKERS say which; else the local stack.',
  'events dlq': 'Events that a consumer group gave up.',
  vault: 'Keys that seal card numbers and records at rest.',
  'vault keys': 'Entries of VAULT_KEYS.',
};

/** Every command. Its code is loaded when it is called. */
export const COMMANDS: readonly Entry[] = [
  {
    words: ['oicp', 'validate'],
    usage: '<kind> <file>… [--strict] [--all] [--json]',
    about: 'Say where a message deviates from OICP 2.3',
    load: async () => (await import('./oicp/validate.ts')).validate,
  },
  {
    words: ['oicp', 'explain'],
    usage: '<file>… [--kind <kind>] [--all] [--json]',
    about: 'Say what kind of message this is, what is wrong, and what we would do',
    load: async () => (await import('./oicp/explain.ts')).explain,
  },
  {
    words: ['oicp', 'id'],
    usage: '<text> [--json]',
    about: 'Say what an id is: grammar, key, check digit, oddities',
    load: async () => (await import('./oicp/id.ts')).id,
  },
  {
    words: ['oicp', 'codes'],
    usage: '[code] [--json]',
    about: 'Explain a status code and what to do, or list them',
    load: async () => (await import('./oicp/codes.ts')).codes,
  },
  {
    words: ['oicp', 'endpoints'],
    usage: '[--role emp] [--env qa|prod] [--json]',
    about: 'List the operations with URL, limits, timeouts and retry rules',
    load: async () => (await import('./oicp/endpoints.ts')).endpoints,
  },
  {
    words: ['oicp', 'errata'],
    usage: '[id] [--json]',
    about: 'Explain where the documents disagree, what we read and what we send',
    load: async () => (await import('./oicp/errata.ts')).errata,
  },
  {
    words: ['metering', 'verify'],
    usage: '<file>… [--key <key|@file>] [--json]',
    about: 'Verify signed meter values and say what was checked',
    load: async () => (await import('./metering/verify.ts')).verify,
  },
  {
    words: ['events', 'topics'],
    usage: '[--count] [--json]',
    about: 'List the topics, what they carry, and who reads them',
    load: async () => (await import('./events/topics.ts')).topics,
  },
  {
    words: ['events', 'tail'],
    usage: '<topic> [--from beginning|now | --once] [--key <key>] [--json]',
    about: 'Show events as they are appended, until Ctrl-C',
    load: async () => (await import('./events/tail.ts')).tail,
  },
  {
    words: ['events', 'lag'],
    usage: '[--group <group>] [--json]',
    about: 'Say how far each consumer group is behind',
    load: async () => (await import('./events/lag.ts')).lag,
  },
  {
    words: ['events', 'audit'],
    usage: '[--json]',
    about: 'Compare outboxes, log and inboxes, and name what differs',
    load: async () => (await import('./events/audit.ts')).audit,
  },
  {
    words: ['events', 'replay'],
    usage: '--group <group> --from beginning|<instant> [--dry-run] [--json]',
    about: 'Let a read model handle its events again',
    load: async () => (await import('./events/replay.ts')).replay,
  },
  {
    words: ['events', 'dlq', 'list'],
    usage: '[topic] [--group <group>] [--reason <slug>] [--type <type>] [--json]',
    about: 'List the dead letters',
    load: async () => (await import('./events/dlq-list.ts')).list,
  },
  {
    words: ['events', 'dlq', 'show'],
    usage: '<event id> [--json]',
    about: 'Show a dead letter: why it was given up, headers, payload',
    load: async () => (await import('./events/dlq-show.ts')).show,
  },
  {
    words: ['events', 'dlq', 'replay'],
    usage: '<topic> (--event <id> | --group <group> | --reason <slug> | --type <type> | --all) [--dry-run] [--json]',
    about: 'Publish dead letters again, for the group that gave them up',
    load: async () => (await import('./events/dlq-replay.ts')).replay,
  },
  {
    words: ['vault', 'keys', 'new'],
    usage: '[id]',
    about: 'Make an entry for VAULT_KEYS with a fresh key',
    load: async () => (await import('./vault/keys-new.ts')).keysNew,
  },
  {
    words: ['vault', 'rotate'],
    usage: '[--dry-run] [--json]',
    about: 'Seal anew, with the first of VAULT_KEYS, what older keys sealed, while everything runs',
    load: async () => (await import('./vault/rotate.ts')).rotate,
  },
];
