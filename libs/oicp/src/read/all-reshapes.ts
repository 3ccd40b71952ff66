import { EvseStatusById } from '../messages/evse-status-by-id.ts';
import { memberStep, NO_STEP } from './step.ts';
import { reshape } from './reshape.ts';

type Way = readonly (string | number)[];
type Placed = readonly [value: unknown, way: Way];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The elements of a list, or the one that stands alone, each with its way in the document. */
const elements = ([value, way]: Placed): readonly Placed[] =>
  Array.isArray(value) ? value.map((each: unknown, index) => [each, [...way, index]]) : isObject(value) ? [[value, way]] : [];

/** The first of some members that is there. */
function memberOf([value, way]: Placed, ...names: readonly string[]): Placed | undefined {
  const name = isObject(value) ? names.find((each) => (value[each] ?? undefined) !== undefined) : undefined;
  return name === undefined ? undefined : [(value as Record<string, unknown>)[name], [...way, name]];
}

/** The text describes this reply with the groups of the other status pulls; their records become the one list (E-02). */
reshape(EvseStatusById, (target, context) => {
  const groups = memberOf([target, []], 'EvseStatuses', 'EVSEStatuses');
  if (isObject(target.EVSEStatusRecords) || isObject(target.EvseStatusRecords) || !isObject(groups?.[0])) return;
  context.report({
    code: 'member-spelling', severity: 'warning', erratum: 'E-02',
    message: 'statuses in groups of operators; expected: EVSEStatusRecords',
  }, context.foreignStep(...groups[1]));
  const records = elements(memberOf(groups, 'OperatorEvseStatus') ?? groups)
    .flatMap((group) => elements(memberOf(group, 'EvseStatusRecord', 'EVSEStatusRecord') ?? [undefined, []]));
  target.EVSEStatusRecords = { EvseStatusRecord: records.map(([record]) => record) };
  target.EvseStatuses = undefined;
  target.EVSEStatuses = undefined;
  context.renamed(new Map([[memberStep('EVSEStatusRecords'), NO_STEP]]));
  context.renamed(new Map([[memberStep('EvseStatusRecord'), NO_STEP]]), 1);
  context.renamed(new Map(records.map(([, way], index) => [index, context.foreignStep(...way)])), 2);
});
