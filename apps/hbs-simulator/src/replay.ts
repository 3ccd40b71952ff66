import { Decimal } from '@emp/money';
import { evseKey } from '@emp/oicp';
import type { AuthenticationData } from './hub/authentication-data.ts';
import type { RecordStore } from './hub/record-store.ts';
import type { JournalEntry } from './journal/entries.ts';
import type { Stations } from './station/stations.ts';
import type { Wallet } from './station/wallet.ts';

/** Brings back what the journal tells: records, acknowledgements, pushed cards, meters, who is free since when. */
export function replayInto(
  world: {
    readonly records: RecordStore;
    readonly authenticationData: AuthenticationData;
    readonly stations: Stations;
    readonly wallet: Wallet;
  },
  entries: readonly JournalEntry[],
): void {
  for (const entry of entries) {
    switch (entry.entry) {
      case 'record-stored': {
        const { record } = entry;
        world.records.add(record);
        world.stations.remember(evseKey(record.evseId), { endedAtMs: record.endedAtMs, meterEnd: Decimal.parse(record.meterEnd) });
        if (record.uid !== null) world.wallet.giveBack(record.uid, record.endedAtMs);
        break;
      }
      case 'record-acknowledged':
        world.records.acknowledge(entry.sessionId, entry.at);
        break;
      case 'cards-pushed':
        world.authenticationData.apply(entry.providerId, entry.action, entry.records);
        break;
    }
  }
}
