export { compareWithRecord, type Comparison, type RecordFigures, type Tolerances } from './compare-with-record.ts';
export { explainVerdict } from './explain-verdict.ts';
export type { MeteringFinding } from './finding.ts';
export type { CurveName } from './keys/curves.ts';
export type { PublicKey } from './keys/public-key.ts';
export { readPublicKey } from './keys/read-public-key.ts';
export { LIMITS } from './limits.ts';
export type { MeterTime, TimeQuality } from './meter-time.ts';
export type { MeterReading, Purpose } from './reading.ts';
export type { Format } from './record.ts';
export type { Register } from './register.ts';
export { verifySession, type SessionOptions } from './session/verify-session.ts';
export { transparencyXml } from './transparency-xml.ts';
export type {
  Answer,
  HashedBlock,
  KeySource,
  Question,
  SessionQuestions,
  SessionVerdict,
  SignedValueVerdict,
  UsedKey,
} from './verdict.ts';
export { verifyFile, type FileSession } from './verify-file.ts';
export { verifySignedValue, type VerifyOptions } from './verify-signed-value.ts';
