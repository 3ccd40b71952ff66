import { AuthorizationStart } from '../messages/authorization-start.ts';
import { AuthorizationStop } from '../messages/authorization-stop.ts';
import { statusCodeEntry } from '../status-codes/status-codes.ts';
import { StatusCode } from '../types/status-code.ts';
import { crossRules, type CrossRule } from './cross-rules.ts';

crossRules(StatusCode, {
  code: 'status-code-unknown', severity: 'note', source: '§11', erratum: 'E-54',
  check: ({ Code }, complain) => {
    if (statusCodeEntry(Code) === undefined) complain('Code', 'one of the 31 codes of §11');
  },
}, {
  code: 'status-text-differs', severity: 'note', source: '§3',
  check: ({ Code, Description }, complain) => {
    const entry = statusCodeEntry(Code);
    if (entry && Description && Description !== entry.description) complain('Description', 'the standard text of the code, or none');
  },
});

interface Verdict {
  readonly AuthorizationStatus: string;
  readonly ProviderID?: string;
  readonly StatusCode?: Partial<StatusCode>;
}

const nameTheProvider: CrossRule<Verdict> = {
  code: 'member-missing', severity: 'error', source: '§8.1',
  check: ({ AuthorizationStatus, ProviderID }, complain) => {
    const named = ProviderID !== undefined && ProviderID !== null;
    if (AuthorizationStatus === 'Authorized' && !named) complain('ProviderID', 'ProviderID with Authorized');
  },
};

const codeFits: CrossRule<Verdict> = {
  code: 'verdict-contradictory', severity: 'error', source: '§6.3',
  check: ({ AuthorizationStatus, StatusCode: { Code } = {} }, complain) => {
    if (Code === undefined) return;
    if (AuthorizationStatus === 'Authorized' && Code !== '000') complain(['StatusCode', 'Code'], '000 with Authorized');
    if (AuthorizationStatus === 'NotAuthorized' && Code === '000') complain(['StatusCode', 'Code'], 'a reason with NotAuthorized');
  },
};

crossRules(AuthorizationStart, nameTheProvider, codeFits);
crossRules(AuthorizationStop, nameTheProvider, codeFits);
