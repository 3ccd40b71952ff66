import type { Constraint } from './constraint.ts';

/** A class of decorated members; messages are plain objects of its form. */
export type MessageClass<T extends object = object> = abstract new () => T;

/** A text: ids, enumerations, date-times and free texts. */
export interface TextType {
  readonly shape: 'text';
  /** For messages: "an EVSE id". */
  readonly what: string;
  readonly constraints: readonly Constraint[];
  /** The exact literals of an enumeration. */
  readonly literals?: readonly string[];
  /** Spellings of literals beyond differences of case and blanks, and the erratum they stem from. */
  readonly spellings?: Readonly<Record<string, string>>;
  readonly erratum?: string;
  /** A value that matches satisfies every constraint; saves the reader a second look. */
  readonly strict?: { test(text: string): boolean };
  /** Texts that stand for nothing, such as "None None"; read as absent. */
  readonly nothing?: RegExp;
  /** How a number that came instead of the text is written. */
  readonly digits?: number;
  /** Texts that mean nothing, such as an empty string where a date is expected, are read as absent. */
  readonly emptyIs: 'text' | 'absent';
  /** Never quoted in a finding. */
  readonly secret: boolean;
}

/** An exact decimal: a text of digits here, a JSON number on the wire. */
export interface DecimalType {
  readonly shape: 'decimal';
  readonly what: string;
  readonly constraints: readonly Constraint[];
}

/** A number that counts: whole numbers of a small range, no energy and no money. */
export interface CountType {
  readonly shape: 'count';
  readonly what: string;
  readonly constraints: readonly Constraint[];
}

export interface FlagType {
  readonly shape: 'flag';
  readonly what: string;
  readonly constraints: readonly Constraint[];
}

export interface ObjectType {
  readonly shape: 'object';
  readonly what: string;
  readonly constraints: readonly Constraint[];
  readonly of: () => MessageClass;
  /** Where documents put a bare text or a list: the member of the object that it becomes. */
  readonly bareTextIs?: string;
  readonly bareListIs?: string;
  /** Bare texts that stand for nothing. */
  readonly nothing?: RegExp;
  readonly erratum?: string;
}

export interface ListType {
  readonly shape: 'list';
  readonly what: string;
  readonly constraints: readonly Constraint[];
  readonly of: Exclude<MemberType, ListType>;
  /** Elements are records: an unreadable one is reported as rejected, with its pointer. */
  readonly records: boolean;
  readonly erratum?: string;
}

/** Anything: kept and written back as it came. */
export interface AnyType {
  readonly shape: 'any';
  readonly what: string;
  readonly constraints: readonly Constraint[];
}

export type MemberType = TextType | DecimalType | CountType | FlagType | ObjectType | ListType | AnyType;
