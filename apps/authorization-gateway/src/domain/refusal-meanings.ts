/** What an app should do next. */
export type NextStep =
  | 'plug-in-and-try-again'
  | 'try-again'
  | 'try-again-later'
  | 'choose-another-station'
  | 'check-the-station'
  | 'end-another-session'
  | 'contact-us'
  | 'nothing';

/** A refusal in words for the driver: no codes, no blame, what to do. */
export interface RefusalMeaning {
  readonly de: string;
  readonly en: string;
  readonly nextStep: NextStep;
}

const means = (nextStep: NextStep, en: string, de: string): RefusalMeaning => ({ de, en, nextStep });

const NOT_WITH_CONTRACT = means(
  'choose-another-station',
  'This station is not available with your contract. Please choose another one.',
  'Diese Station ist mit Ihrem Vertrag nicht nutzbar. Bitte wählen Sie eine andere.',
);
const OUR_FAULT = means(
  'contact-us',
  'Something went wrong on our side. Please contact us.',
  'Bei uns ist etwas schiefgegangen. Bitte melden Sie sich bei uns.',
);
const LATER = means(
  'try-again-later',
  'The network is not available at the moment. Please try again in a few minutes.',
  'Das Netzwerk ist gerade nicht erreichbar. Bitte versuchen Sie es in einigen Minuten erneut.',
);

/** By status code, as remote starts, stops and reservations are refused (OICP §7.1–7.4, §11). */
export const MEANING_OF_CODE: Readonly<Record<string, RefusalMeaning>> = {
  '001': LATER,
  '002': LATER,
  '017': OUR_FAULT,
  '019': OUR_FAULT,
  '021': means(
    'try-again',
    'The station’s operator has a technical problem. Please try again, or choose another station.',
    'Der Betreiber der Station hat ein technisches Problem. Bitte versuchen Sie es erneut oder wählen Sie eine andere.',
  ),
  '022': OUR_FAULT,
  '106': means(
    'try-again-later',
    'The station’s operator did not confirm. Please try again in a few minutes.',
    'Der Betreiber der Station hat nicht bestätigt. Bitte versuchen Sie es in einigen Minuten erneut.',
  ),
  '200': means(
    'contact-us',
    'Your contract is blocked. Please contact us.',
    'Ihr Vertrag ist gesperrt. Bitte melden Sie sich bei uns.',
  ),
  '210': NOT_WITH_CONTRACT,
  '300': NOT_WITH_CONTRACT,
  '310': means(
    'check-the-station',
    'The station did not answer. Please look whether it has begun before you try again.',
    'Die Station hat nicht geantwortet. Bitte prüfen Sie, ob sie begonnen hat, bevor Sie es erneut versuchen.',
  ),
  '320': means(
    'choose-another-station',
    'This station does not offer this at the moment. Please choose another one.',
    'Diese Station bietet das derzeit nicht an. Bitte wählen Sie eine andere.',
  ),
  '400': means(
    'nothing',
    'This charging session is already over.',
    'Dieser Ladevorgang ist bereits beendet.',
  ),
  '501': means(
    'choose-another-station',
    'The operator cannot reach this station. Please choose another one.',
    'Der Betreiber kann diese Station nicht erreichen. Bitte wählen Sie eine andere.',
  ),
  '510': means(
    'plug-in-and-try-again',
    'Please plug in your vehicle first, then start again.',
    'Bitte stecken Sie zuerst Ihr Fahrzeug an und starten Sie dann erneut.',
  ),
  '601': means(
    'choose-another-station',
    'This charging point is reserved. Please choose another one.',
    'Dieser Ladepunkt ist reserviert. Bitte wählen Sie einen anderen.',
  ),
  '602': means(
    'choose-another-station',
    'This charging point is occupied. Please choose another one.',
    'Dieser Ladepunkt ist belegt. Bitte wählen Sie einen anderen.',
  ),
  '603': means(
    'choose-another-station',
    'The operator does not know this charging point. Please check the number, or choose another one.',
    'Der Betreiber kennt diesen Ladepunkt nicht. Bitte prüfen Sie die Nummer oder wählen Sie einen anderen.',
  ),
  '604': means(
    'choose-another-station',
    'This station cannot be started with the app. It is not available with your contract.',
    'Diese Station lässt sich nicht per App starten. Sie ist mit Ihrem Vertrag nicht nutzbar.',
  ),
  '700': means(
    'choose-another-station',
    'This charging point is out of order. Please choose another one.',
    'Dieser Ladepunkt ist außer Betrieb. Bitte wählen Sie einen anderen.',
  ),
};

/** By our own rule, where it says more than its code. */
const MEANING_OF_RULE: Readonly<Record<string, RefusalMeaning>> = {
  'contract-not-yet-valid': means(
    'contact-us',
    'Your contract has not begun yet.',
    'Ihr Vertrag hat noch nicht begonnen.',
  ),
  'contract-ended': means(
    'contact-us',
    'Your contract has ended. Please contact us.',
    'Ihr Vertrag ist beendet. Bitte melden Sie sich bei uns.',
  ),
  'operator-not-subscribed': NOT_WITH_CONTRACT,
  'operator-not-allowed': NOT_WITH_CONTRACT,
  'country-not-allowed': NOT_WITH_CONTRACT,
  'session-limit-reached': means(
    'end-another-session',
    'You are already charging as often as your contract allows. Please end another session first.',
    'Sie laden bereits so oft gleichzeitig, wie Ihr Vertrag es erlaubt. Bitte beenden Sie erst einen anderen Vorgang.',
  ),
  'credit-used-up': means(
    'contact-us',
    'Your credit or spending limit is used up.',
    'Ihr Guthaben oder Ausgabenlimit ist aufgebraucht.',
  ),
};

const OTHER = means(
  'choose-another-station',
  'The station refused. Please try again later, or choose another one.',
  'Die Station hat abgelehnt. Bitte versuchen Sie es später erneut oder wählen Sie eine andere.',
);

/** What a refusal means. Codes that nobody has heard of occur (OICP §11); HBS out of reach has none. */
export function meaningOf(refusal: { readonly code: string | null; readonly rule: string | null }): RefusalMeaning {
  const own = refusal.rule === null ? undefined : MEANING_OF_RULE[refusal.rule];
  if (own) return own;
  return refusal.code === null ? LATER : (MEANING_OF_CODE[refusal.code] ?? OTHER);
}

/** While nobody knows what became of a wish. */
export const MEANING_OF_UNKNOWN: Readonly<Record<'start' | 'stop', RefusalMeaning>> = {
  start: means(
    'check-the-station',
    'We do not know yet whether it has begun. Please look at the station; we tell you as soon as we hear of it.',
    'Wir wissen noch nicht, ob es begonnen hat. Bitte schauen Sie an der Station nach; wir melden uns, sobald wir es wissen.',
  ),
  stop: means(
    'check-the-station',
    'We do not know yet whether it has ended. Please look at the station, or stop there.',
    'Wir wissen noch nicht, ob es beendet ist. Bitte schauen Sie an der Station nach oder beenden Sie dort.',
  ),
};
