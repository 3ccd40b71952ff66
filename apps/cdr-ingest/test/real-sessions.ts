import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readEvseFeed } from '@emp/oicp';

/** A charging session as a station's log has it, times by its clock in Switzerland. */
export interface LoggedSession {
  readonly arrival: string;
  readonly departure: string;
  readonly energyWh: number;
  readonly connector: string;
}

export interface DirectCurrentEvse {
  readonly evseId: string;
  readonly powerKw: string;
}

const beside = (file: string): string => fileURLToPath(new URL(`../../../../shared/data/${file}`, import.meta.url));
const SESSIONS = beside('sessions/desl-epfl-session_data.csv');
const FEED = beside('poi/ch-2026-04-03-evse-data.json.gz');

export const realDataIsThere = existsSync(SESSIONS) && existsSync(FEED);

/** 1 878 sessions of one station with two connectors (DESL-EPFL/Level-3-EV-charging-dataset, MIT). */
export function realSessions(): readonly LoggedSession[] {
  return readFileSync(SESSIONS, 'utf8').trim().split(/\r?\n/).slice(1).map((line) => {
    const [, connector = '', arrival = '', departure = '', , energy = ''] = line.split(',');
    return { connector, arrival, departure, energyWh: Math.round(Number(energy)) };
  });
}

/** The EVSEs of the national feed with a DC facility and a power, in the order of their ids. */
export function realEvses(): readonly DirectCurrentEvse[] {
  const feed = readEvseFeed(gunzipSync(readFileSync(FEED)));
  if (!feed.ok) throw new Error(feed.reason);
  const evses = feed.records.flatMap(({ record }): readonly DirectCurrentEvse[] => {
    const powers = (record.ChargingFacilities ?? []).filter(({ PowerType: type }) => type === 'DC').map(({ Power: power }) => Number(power));
    const powerKw = Math.max(0, ...powers);
    return powerKw > 0 && record.EvseID ? [{ evseId: record.EvseID, powerKw: String(powerKw) }] : [];
  });
  return [...new Map(evses.map((evse) => [evse.evseId.toUpperCase(), evse])).values()].sort((one, other) => (one.evseId < other.evseId ? -1 : 1));
}

/** A few sessions like those, made by hand: one too much for its EVSE, two at once, one in the night of the clock change. */
export const HAND_MADE_SESSIONS: readonly LoggedSession[] = [
  { connector: 'CCS1', arrival: '2022-08-11T23:33:00', departure: '2022-08-11T23:57:00', energyWh: 19_632 },
  { connector: 'CCS1', arrival: '2022-08-12T09:00:00', departure: '2022-08-12T09:05:00', energyWh: 24_000 },
  { connector: 'CCS2', arrival: '2022-10-14T11:00:00', departure: '2022-10-14T11:40:00', energyWh: 21_165 },
  { connector: 'CCS2', arrival: '2022-10-14T11:30:00', departure: '2022-10-14T12:10:00', energyWh: 14_431 },
  { connector: 'CCS2', arrival: '2022-10-14T12:10:00', departure: '2022-10-14T12:30:00', energyWh: 0 },
  { connector: 'CCS1', arrival: '2023-03-26T01:50:00', departure: '2023-03-26T03:10:00', energyWh: 12_000 },
];

export const HAND_MADE_EVSES: readonly DirectCurrentEvse[] = [
  { evseId: 'CH*HND*E1', powerKw: '150' }, { evseId: 'CH*HND*E2', powerKw: '50' },
];
