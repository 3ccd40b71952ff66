const QUARTER_OF_AN_HOUR = 900_000;
const MOST_REMEMBERED = 20_000;

const formats = new Map<string, Intl.DateTimeFormat | null>();
const remembered = new Map<string, number | null>();

/** Minutes east of UTC of a time zone at an instant; `null` if there is no such zone. No zone changes within a quarter. */
export function zoneOffsetMinutes(timeZone: string, epochMillis: number): number | null {
  const quarter = Math.floor(epochMillis / QUARTER_OF_AN_HOUR);
  const name = `${timeZone} ${quarter}`;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const offset = readOffset(formatOf(timeZone), quarter * QUARTER_OF_AN_HOUR);
  remembered.set(name, offset);
  return offset;
}

function readOffset(format: Intl.DateTimeFormat | null, epochMillis: number): number | null {
  if (format === null) return null;
  const name = format.formatToParts(epochMillis).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = madeFormat(timeZone);
  formats.set(timeZone, made);
  return made;
}

function madeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
}
