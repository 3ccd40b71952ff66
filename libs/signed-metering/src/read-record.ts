import { readAlfen } from './alfen/read-alfen.ts';
import { EDL_VALUE, readEdlSml } from './edl40/read-edl-sml.ts';
import { readSignedMeterValue } from './edl40/read-signed-meter-value.ts';
import { ISA_PAGINATION, ISA_START, readIsa } from './isa/read-isa.ts';
import { readMennekes } from './mennekes/read-mennekes.ts';
import { readOcmf } from './ocmf/read-ocmf.ts';
import { readPcdf } from './pcdf/read-pcdf.ts';
import type { MeteringRecord } from './record.ts';
import { unverifiable, type Outcome } from './rejection.ts';
import { readSignedList } from './sml/get-list.ts';
import type { Value } from './unwrap/leaf.ts';

/** Reads an unwrapped value of any format. Nothing is verified yet. */
export function readRecord(value: Value): Outcome<MeteringRecord> {
  switch (value.format) {
    case 'OCMF':
      return readOcmf(value.text);
    case 'ALFEN':
      return readAlfen(value.text);
    case 'PCDF':
      return readPcdf(value.text);
    case 'SML':
      return readSml(value.bytes);
    case 'EDL_40_SIG':
      return readSignedMeterValue(value.element);
    case 'EDL_40_MENNEKES':
      return readMennekes(value.element);
  }
}

/** EDL40 and ISA-EDL-40P share their carrier; the entries tell which one it is. */
function readSml(file: Uint8Array): Outcome<MeteringRecord> {
  const list = readSignedList(file);
  if (!list.ok) return list;
  const { entries } = list.value;
  if (entries.has(ISA_START) && entries.has(ISA_PAGINATION)) return readIsa(list.value);
  if (entries.has(EDL_VALUE)) return readEdlSml(list.value);
  return unverifiable(
    'unknown-format',
    `no known format: an SML list of ${[...entries.keys()].slice(0, 3).join(', ')}`,
  );
}
