import { defineEvent } from './event.ts';

export interface EvseFacts {
  /** Exactly the spelling that was pulled. */
  readonly evseId: string;
  /** Upper case without separators, for comparison (OICP §4.2). */
  readonly evseKey: string;
  readonly operatorId: string;
  readonly operatorName: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** IANA zone derived from the position. */
  readonly timeZone: string | null;
  readonly latitude: string | null;
  readonly longitude: string | null;
  /** kW, decimal text: the strongest charging facility. */
  readonly maximumPowerKw: string | null;
  readonly powerType: string | null;
  readonly calibrationLaw: string | null;
  readonly hubjectCompatible: boolean | null;
}

const evseSample: EvseFacts = {
  evseId: 'DE*SIM*E0001*1', evseKey: 'DESIME00011', operatorId: 'DE*SIM', operatorName: 'Simulated Charging',
  country: 'DE', timeZone: 'Europe/Berlin', latitude: '52.520008', longitude: '13.404954', maximumPowerKw: '150',
  powerType: 'DC', calibrationLaw: 'External', hubjectCompatible: true,
};

export const EvseRecordedV1 = defineEvent({
  type: 'EvseRecorded',
  topic: 'emp.evse.v1',
  about: 'An EVSE is new or changed: always the whole of what others need.',
  key: (data: EvseFacts) => data.evseKey,
  samples: [evseSample],
});

export interface EvseRemovedData {
  readonly evseId: string;
  readonly evseKey: string;
  readonly removedAt: string;
}

export const EvseRemovedV1 = defineEvent({
  type: 'EvseRemoved',
  topic: 'emp.evse.v1',
  about: 'An EVSE was not in a complete pull any more.',
  key: (data: EvseRemovedData) => data.evseKey,
  samples: [{ evseId: 'DE*SIM*E0001*1', evseKey: 'DESIME00011', removedAt: '2026-05-02T00:00:00.000Z' } as EvseRemovedData],
});

export interface EvseStatusChangedData {
  readonly evseId: string;
  readonly evseKey: string;
  /** OICP's EvseStatus literal, e.g. `Available`. */
  readonly status: string;
  readonly observedAt: string;
}

export const EvseStatusChangedV1 = defineEvent({
  type: 'EvseStatusChanged',
  topic: 'emp.evse-status.v1',
  about: 'The status of an EVSE differs from the one before.',
  key: (data: EvseStatusChangedData) => data.evseKey,
  samples: [{ evseId: 'DE*SIM*E0001*1', evseKey: 'DESIME00011', status: 'Occupied', observedAt: '2026-05-01T08:00:00.000Z' } as EvseStatusChangedData],
});

/** What an operator charges us (OICP §7.9): net, business to business. */
export interface PriceFacts {
  readonly operatorId: string;
  /** `*` = every provider. */
  readonly providerId: string;
  /** `null` = the operator's default price. */
  readonly productId: string | null;
  readonly currency: string;
  readonly referenceUnit: 'HOUR' | 'KILOWATT_HOUR' | 'MINUTE';
  readonly pricePerReferenceUnit: string;
  readonly additionalReferences: readonly { readonly reference: string; readonly unit: string; readonly price: string }[];
  /** kW; the product is for EVSEs up to this power. */
  readonly maximumPowerKw: string | null;
  /** Prices carry no validity date: this is when we learned of it. */
  readonly validFrom: string;
}

export const PriceListedV1 = defineEvent({
  type: 'PriceListed',
  topic: 'emp.price.v1',
  about: 'An operator lists a new or changed price.',
  key: (data: PriceFacts) => `${data.operatorId}/${data.providerId}/${data.productId ?? ''}`,
  samples: [{
    operatorId: 'DE*SIM', providerId: '*', productId: 'DC', currency: 'EUR', referenceUnit: 'KILOWATT_HOUR',
    pricePerReferenceUnit: '0.39', additionalReferences: [{ reference: 'START FEE', unit: 'HOUR', price: '0.35' }],
    maximumPowerKw: '400', validFrom: '2026-05-01T00:00:00.000Z',
  } as PriceFacts],
});
