import type { TestKey } from './keys.ts';
import { hex, i64, localTime, plainTime, smlFile, u32, u8, type TestEntry } from './sml.ts';

/** What a test wants an EDL40 meter to say; laid out here independently of the library. */
export interface TestEdl {
  readonly seconds: number;
  readonly value: number;
  readonly pagination: number;
  readonly secondIndex: number;
  readonly contract: string;
  readonly logbook: string;
  readonly compensated: number;
}

export const SERVER = '0901454d4800007f87b0';
const OFFSET_MINUTES = 120;
const DEFAULTS: TestEdl = {
  seconds: 1_777_622_400,
  value: 314_940,
  pagination: 4480,
  secondIndex: 17_679_320,
  contract: '0473a44a3f3e80',
  logbook: '01a6',
  compensated: 0,
};

/** The 320 signed bytes. */
export function edlBlock(edl: Partial<TestEdl> = {}, status = 0x88): Buffer {
  const { seconds, value, pagination, secondIndex, contract, logbook, compensated } = { ...DEFAULTS, ...edl };
  const block = Buffer.alloc(320);
  hex(SERVER).copy(block, 0);
  block.writeUInt32LE(seconds + 60 * OFFSET_MINUTES, 10);
  block[14] = status;
  block.writeUInt32LE(secondIndex, 15);
  block.writeUInt32LE(pagination, 19);
  hex('0100011100ff').copy(block, 23);
  block[29] = 30;
  block.writeInt8(-1, 30);
  block.writeBigInt64LE(BigInt(value), 31);
  hex(logbook).copy(block, 39);
  hex(contract).copy(block, 41);
  block.writeUInt32LE(seconds + 60 * OFFSET_MINUTES - 9, 169);
  block.writeBigInt64LE(BigInt(compensated), 181);
  return block;
}

/**
 * An SML file of an EDL40 meter; with a P-256 key that of an eMOC meter, whose state is `0x80040104`, signed as `0x88`.
 */
export function edlSml(key: TestKey, edl: Partial<TestEdl> = {}): Buffer {
  const full = { ...DEFAULTS, ...edl };
  const emoc = key.curve === 'secp256r1';
  const time = (seconds: number) => localTime(seconds, OFFSET_MINUTES);
  const entries: readonly TestEntry[] = [
    { name: '8182815401ff', time: time(full.seconds - 9), value: hex(full.contract) },
    {
      name: '0100011100ff',
      status: u32(emoc ? 0x80040104 : 0x188),
      time: time(full.seconds),
      unit: 30,
      scaler: -1,
      value: i64(full.value),
    },
    { name: '0100011100c8', unit: 30, scaler: -1, value: i64(full.compensated) },
    { name: '810060080001', value: [u8(1), [u8(1), u32(full.secondIndex)]] },
    { name: '8180817101ff', value: u32(full.pagination) },
    ...(emoc ? [{ name: '00af737672ff', value: u8(4) }] : []),
  ];
  const signature = Buffer.concat([key.sign(edlBlock(full)), hex(full.logbook)]);
  return smlFile(SERVER, '0100011100ff', entries, signature);
}

export function signedMeterValue(key: TestKey, edl: Partial<TestEdl> = {}): string {
  const block = edlBlock(edl);
  const signature = Buffer.concat([key.sign(block), block.subarray(39, 41)]);
  return signedMeterValueOf(block, signature, hex(key.point));
}

export const signedMeterValueOf = (block: Buffer, signature: Buffer, point: Buffer): string =>
  `<?xml version="1.0" encoding="UTF-8" ?><signedMeterValue>  <publicKey encoding="base64">${point.toString('base64')}</publicKey>` +
  `  <meterValueSignature encoding="base64">${signature.toString('base64')}</meterValueSignature>` +
  `  <signatureMethod>ECDSA${point.length * 4}SHA256</signatureMethod>  <encodingMethod>EDL</encodingMethod>` +
  `  <encodedMeterValue encoding="base64">${block.toString('base64')}</encodedMeterValue></signedMeterValue>`;

const iso = (seconds: number): string =>
  `${new Date((seconds + 60 * OFFSET_MINUTES) * 1000).toISOString().slice(0, 19)}+02:00`;

export function mennekes(key: TestKey, first: Partial<TestEdl> = {}, last: Partial<TestEdl> = {}): string {
  const start = { ...DEFAULTS, ...first };
  const stop = {
    ...start,
    seconds: start.seconds + 59,
    value: start.value + 255,
    pagination: start.pagination + 1,
    secondIndex: start.secondIndex + 59,
    ...last,
  };
  const measurement = (name: string, edl: TestEdl) =>
    `<${name}><TimestampCustomerIdent>${iso(edl.seconds - 9)}</TimestampCustomerIdent>` +
    `<Timestamp>${iso(edl.seconds)}</Timestamp><Signature>\n  ${key.sign(edlBlock(edl)).toString('hex').toUpperCase()}\n</Signature>` +
    `<EventCounter>${parseInt(edl.logbook, 16)}</EventCounter><MeterStatus>136</MeterStatus><Value>${edl.value}</Value><Scaler>-1</Scaler>` +
    `<Pagination>${edl.pagination}</Pagination><SecondIndex>${edl.secondIndex}</SecondIndex></${name}>`;
  return (
    `<ChargingProcess><ServerId>${SERVER.toUpperCase()}</ServerId><PublicKey>${key.point}</PublicKey><!-- 48 bytes -->` +
    `<MeteringPoint>DE*MEK*E001000*001</MeteringPoint><CustomerIdent>${start.contract}</CustomerIdent>` +
    `${measurement('MeasurementStart', start)}${measurement('MeasurementEnd', stop)}` +
    '<EventLogItems><EventLogItem><TimeBefore/><EventCode/></EventLogItem></EventLogItems></ChargingProcess>'
  );
}

/** An ISA-EDL-40P record; `stage` 0 begin, 1 update, 2 end. */
export function isa(key: TestKey, stage: 0 | 1 | 2, actual = 397_194, pagination = 17): Buffer {
  const start = 99_188;
  const seconds = 1_777_622_400;
  const now = seconds + 344 * stage;
  const inner = Buffer.alloc(66, 0x5a);
  const logbook = hex('000c');
  const contract = Buffer.alloc(128, 0x3f);
  const block = Buffer.alloc(320);
  hex(SERVER).copy(block, 0);
  block.writeUInt32LE(now, 10);
  const reading = (offset: number, code: string, value: number) => {
    block[offset] = 0x18;
    hex(code).copy(block, offset + 1);
    block[offset + 7] = 30;
    block.writeInt8(-1, offset + 8);
    block.writeBigInt64LE(BigInt(value), offset + 9);
  };
  reading(14, '0100010800ff', actual);
  logbook.copy(block, 31);
  inner.copy(block, 33);
  contract.copy(block, 99);
  block.writeUInt32LE(seconds, 227);
  reading(251, '010001080080', start);
  const listName = hex(`818081620${stage}ff`);
  listName.copy(block, 268);
  block.writeUInt32LE(pagination, 274);
  const status = { unsigned: 0x0400000018n, width: 8 };
  return smlFile(
    SERVER,
    listName.toString('hex'),
    [
      { name: '8182815401ff', time: localTime(seconds - 9, 60), value: contract },
      { name: '010001080080', status, time: plainTime(seconds), unit: 30, scaler: -1, value: i64(start) },
      { name: '8180c7f040ff', value: u32(pagination) },
      { name: '8180816101ff', value: Buffer.alloc(20) },
      {
        name: '0100010800ff',
        status,
        time: plainTime(now),
        unit: 30,
        scaler: -1,
        value: i64(actual),
        signature: inner,
      },
    ],
    Buffer.concat([key.sign(block), logbook]),
  );
}
