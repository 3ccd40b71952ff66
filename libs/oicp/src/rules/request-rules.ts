import { GetChargeDetailRecords } from '../messages/get-charge-detail-records.ts';
import { PullEvseData } from '../messages/pull-evse-data.ts';
import { PushAuthenticationData } from '../messages/push-authentication-data.ts';
import { crossRules } from './cross-rules.ts';
import { isAfter } from './instants.ts';

const EXCLUDED_BY_LAST_CALL = ['SearchCenter', 'CountryCodes', 'OperatorIds'] as const;

crossRules(PullEvseData, {
  code: 'filter-not-allowed', severity: 'error', source: '§7.6', erratum: 'E-07',
  check: (request, complain) => {
    if ((request.LastCall ?? undefined) === undefined) return;
    for (const member of EXCLUDED_BY_LAST_CALL) {
      if ((request[member] ?? undefined) !== undefined) complain(member, `no ${member} together with LastCall`);
    }
  },
});

crossRules(GetChargeDetailRecords, {
  code: 'window-reversed', severity: 'error', source: '§7.8',
  check: ({ From, To }, complain) => {
    if (isAfter(From, To)) complain('To', 'a moment not before From');
  },
});

crossRules(PushAuthenticationData, {
  // Only a full load of nothing means something: delete everything.
  code: 'list-empty', severity: 'warning', source: '§7.5', erratum: 'E-51',
  check: ({ ActionType, ProviderAuthenticationData: { AuthenticationDataRecord: records } }, complain) => {
    if (ActionType !== 'fullLoad' && Array.isArray(records) && records.length === 0) {
      complain(['ProviderAuthenticationData', 'AuthenticationDataRecord'], 'records, unless it is a full load');
    }
  },
});
