/** OICP §10, enumerations of cards and authentication data. Exact literals. */
export const ACTION_TYPES = ['fullLoad', 'update', 'insert', 'delete'] as const;
export type ActionType = (typeof ACTION_TYPES)[number];

export const RFID_TYPES = ['mifareCls', 'mifareDes', 'calypso', 'nfc', 'mifareFamily'] as const;
export type RfidType = (typeof RFID_TYPES)[number];

export const HASH_FUNCTIONS = ['Bcrypt'] as const;
export type HashFunction = (typeof HASH_FUNCTIONS)[number];

/** Only in data that was uploaded with OICP 2.1; never sent. */
export const LEGACY_HASH_FUNCTIONS = ['MD5', 'SHA-1'] as const;
export type LegacyHashFunction = (typeof LEGACY_HASH_FUNCTIONS)[number];
