/** What a text is, by one grammar. */
export interface IdReading {
  readonly kind: 'EvseID' | 'EvcoID' | 'OperatorID' | 'ProviderID' | 'UID' | 'SessionID';
  readonly grammar: string;
  /** What all spellings of it have in common. */
  readonly key: string;
  /** Whether the pattern OICP publishes accepts it as it stands. */
  readonly conformant: boolean;
  readonly checkCharacter?: {
    readonly expected: string;
    readonly written: string | null;
    /** `null`: there is none to fit. */
    readonly fits: boolean | null;
  };
  /** What follows from it: whose it is, other forms. */
  readonly facts: Readonly<Record<string, string>>;
  readonly odd: readonly string[];
}

/** The remarks that apply. */
export const remarks = (...candidates: readonly (readonly [applies: boolean, remark: string])[]): readonly string[] =>
  candidates.filter(([applies]) => applies).map(([, remark]) => remark);

/** Parsing takes blanks around an id away; the specification does not. */
export const blanksAround = (text: string): readonly [boolean, string] => [text !== text.trim(), 'blanks around it'];
