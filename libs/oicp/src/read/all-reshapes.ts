import { EvseStatusById } from '../messages/evse-status-by-id.ts';
import { memberStep } from './step.ts';
import { reshape } from './reshape.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : isObject(value) ? [value] : []);

/** The text describes this reply with the groups of the other status pulls; their records become the one list (E-02). */
reshape(EvseStatusById, (target, context) => {
  const groups = target.EvseStatuses ?? target.EVSEStatuses;
  if (isObject(target.EVSEStatusRecords) || isObject(target.EvseStatusRecords) || !isObject(groups)) return;
  context.report({
    code: 'member-spelling', severity: 'warning', erratum: 'E-02',
    message: 'statuses in groups of operators; expected: EVSEStatusRecords',
  }, memberStep('EvseStatuses'));
  const records = listOf(groups.OperatorEvseStatus ?? groups).filter(isObject)
    .flatMap((group) => listOf(group.EvseStatusRecord ?? group.EVSEStatusRecord));
  target.EVSEStatusRecords = { EvseStatusRecord: records };
  target.EvseStatuses = undefined;
  target.EVSEStatuses = undefined;
});
