import { Random } from '../../random.ts';
import { evseOf, type Evse, type RawRecord } from '../evse.ts';
import type { EvseStatus } from '../network.ts';
import { DOUBLED_EVSE_IDS, spreadDefects } from './defects.ts';
import { generateOperators, type GeneratedOperator } from './operators.ts';
import { generateRecord } from './record.ts';

/** A group as national feeds publish it. */
export interface GeneratedGroup {
  readonly operator: GeneratedOperator;
  readonly records: readonly RawRecord[];
}

/** A network of `records` EVSE records with the defects of real data in their shares. Same seed, same network. */
export function generateGroups(seed: string, records: number): readonly GeneratedGroup[] {
  const random = new Random(`${seed}/network`);
  const operators = generateOperators(random);
  const sound = bySize(operators.filter((operator) => !operator.broken));
  const broken = bySize(operators.filter((operator) => operator.broken));
  const defects = spreadDefects(records, random);
  const groups = new Map<GeneratedOperator, RawRecord[]>(operators.map((operator) => [operator, []]));
  for (let index = 0; index < records; index += 1) {
    const operator = (defects.brokenOperator.has(index) ? broken : sound)(random);
    let other = sound(random);
    while (other === operator) other = sound(random);
    groups.get(operator)?.push(generateRecord({ random, operator, other, index, defects }));
  }
  doubleSome([...groups.values()].filter((list) => list.length > 3));
  return [...groups].filter(([, list]) => list.length > 0).map(([operator, list]) => ({ operator, records: list }));
}

export function generateEvses(seed: string, records: number, now: Date): Evse[] {
  return generateGroups(seed, records).flatMap(({ operator, records: list }) =>
    list.flatMap((record) => evseOf(record, operator, now.getTime()) ?? []));
}

/** In the shares of 262 876 real samples. */
export function generateStatuses(seed: string, evses: readonly Evse[]): Map<string, EvseStatus> {
  const random = new Random(`${seed}/status`);
  const shares = { Available: 77.5, Unknown: 9.1, Occupied: 7.8, OutOfService: 5.6 };
  return new Map(evses.map((evse) => [evse.evseId, random.weighted(shares)]));
}

/** Chooses operators as often as they are large. */
function bySize(operators: readonly GeneratedOperator[]): (random: Random) => GeneratedOperator {
  let sum = 0;
  const bounds = operators.map((operator) => ({ operator, below: (sum += operator.size * operator.country.weight) }));
  return (random) => {
    const at = random.next() * sum;
    return (bounds.find(({ below }) => at < below) ?? bounds[0] as { operator: GeneratedOperator }).operator;
  };
}

/** Two operators claim the same EVSE with different content. The claiming records must not count as another defect. */
function doubleSome(lists: readonly RawRecord[][]): void {
  for (let number = 0; number < DOUBLED_EVSE_IDS; number += 1) {
    const [one, other] = [lists[number * 2], lists[number * 2 + 1]];
    const claimed = one?.[0];
    if (claimed === undefined || other === undefined) return;
    other[1] = { ...other[1], EvseID: claimed['EvseID'] };
  }
}
