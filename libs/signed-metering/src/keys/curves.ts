/** The curves of signed meter values, by the names SEC 2 and RFC 5639 give them. */
export type CurveName =
  'secp192r1' | 'secp192k1' | 'secp256r1' | 'secp256k1' | 'brainpoolP256r1' | 'secp384r1' | 'brainpoolP384r1';

export interface Curve {
  readonly name: CurveName;
  /** As node:crypto lists it: `prime192v1` and `prime256v1` differ from SEC's names. */
  readonly nodeName: string;
  /** Bytes of a coordinate, of r and of s. */
  readonly size: number;
  /** y² = x³ + ax + b (mod p). */
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
  /** DER of SubjectPublicKeyInfo up to the point, for `04‖X‖Y` and for `02|03‖X`. */
  readonly spkiPrefix: string;
  readonly compressedSpkiPrefix: string;
}

const P192 = 2n ** 192n - 2n ** 64n - 1n;
const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P384 = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;

const TABLE: readonly Curve[] = [
  {
    name: 'secp192r1',
    nodeName: 'prime192v1',
    size: 24,
    p: P192,
    a: P192 - 3n,
    b: 0x64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1n,
    spkiPrefix: '3049301306072a8648ce3d020106082a8648ce3d030101033200',
    compressedSpkiPrefix: '3031301306072a8648ce3d020106082a8648ce3d030101031a00',
  },
  {
    name: 'secp192k1',
    nodeName: 'secp192k1',
    size: 24,
    p: 2n ** 192n - 2n ** 32n - 4553n,
    a: 0n,
    b: 3n,
    spkiPrefix: '3046301006072a8648ce3d020106052b8104001f033200',
    compressedSpkiPrefix: '302e301006072a8648ce3d020106052b8104001f031a00',
  },
  {
    name: 'secp256r1',
    nodeName: 'prime256v1',
    size: 32,
    p: P256,
    a: P256 - 3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    spkiPrefix: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
    compressedSpkiPrefix: '3039301306072a8648ce3d020106082a8648ce3d030107032200',
  },
  {
    name: 'secp256k1',
    nodeName: 'secp256k1',
    size: 32,
    p: 2n ** 256n - 2n ** 32n - 977n,
    a: 0n,
    b: 7n,
    spkiPrefix: '3056301006072a8648ce3d020106052b8104000a034200',
    compressedSpkiPrefix: '3036301006072a8648ce3d020106052b8104000a032200',
  },
  {
    name: 'brainpoolP256r1',
    nodeName: 'brainpoolP256r1',
    size: 32,
    p: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
    a: 0x7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9n,
    b: 0x26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6n,
    spkiPrefix: '305a301406072a8648ce3d020106092b2403030208010107034200',
    compressedSpkiPrefix: '303a301406072a8648ce3d020106092b2403030208010107032200',
  },
  {
    name: 'secp384r1',
    nodeName: 'secp384r1',
    size: 48,
    p: P384,
    a: P384 - 3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    spkiPrefix: '3076301006072a8648ce3d020106052b81040022036200',
    compressedSpkiPrefix: '3046301006072a8648ce3d020106052b81040022033200',
  },
  {
    name: 'brainpoolP384r1',
    nodeName: 'brainpoolP384r1',
    size: 48,
    p: 0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53n,
    a: 0x7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826n,
    b: 0x04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11n,
    spkiPrefix: '307a301406072a8648ce3d020106092b240303020801010b036200',
    compressedSpkiPrefix: '304a301406072a8648ce3d020106092b240303020801010b033200',
  },
];

export const CURVES: ReadonlyMap<CurveName, Curve> = new Map(TABLE.map((curve) => [curve.name, curve]));

export function curveOf(name: CurveName): Curve {
  const curve = CURVES.get(name);
  if (curve === undefined) throw new TypeError(`no such curve: ${name}`);
  return curve;
}
