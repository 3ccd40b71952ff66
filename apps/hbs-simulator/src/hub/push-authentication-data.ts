import { isObject, textIn, writeJson } from '../json.ts';
import type { AuthenticationRecord, PushAction } from './authentication-data.ts';
import { missing, type HubOperation } from './hub-call.ts';
import { acknowledgementJson, type Answer } from './status-code.ts';

const ACTIONS: ReadonlySet<string> = new Set<PushAction>(['fullLoad', 'insert', 'update', 'delete']);

const LOST = { text: '', lost: true } as const;

/** PushAuthenticationData (OICP §7.5): one at a time per provider, all or nothing. */
export function pushAuthenticationData(): HubOperation {
  const underWay = new Set<string>();
  const reply = (answer: Answer): { text: string } => ({ text: writeJson(acknowledgementJson(answer)) });
  return async ({ world, body, providerId }) => {
    const action = textIn(body, 'ActionType');
    const data = body['ProviderAuthenticationData'];
    if (action === undefined || !ACTIONS.has(action)) return missing('actionType');
    if (!isObject(data) || !Array.isArray(data['AuthenticationDataRecord'])) {
      return missing('providerAuthenticationData.authenticationDataRecord');
    }
    const { pushLost, pushAnswerLost, refusedIdentifications } = world.faults;
    if (world.random.chance(pushLost)) return LOST;
    if (underWay.has(providerId)) return reply({ code: '009', info: 'The push of data is already in progress' });
    underWay.add(providerId);
    try {
      const push = {
        providerId, action: action as PushAction,
        records: (data['AuthenticationDataRecord'] as unknown[]).filter(isObject) as AuthenticationRecord[],
      };
      const judged = world.authenticationData.judge(push.providerId, push.action, push.records, refusedIdentifications);
      if (judged.code !== '000') return reply(judged);
      await world.journal.append({ entry: 'cards-pushed', at: world.now().toISOString(), ...push });
      world.authenticationData.apply(push.providerId, push.action, push.records);
      return world.random.chance(pushAnswerLost) ? LOST : reply(judged);
    } finally {
      underWay.delete(providerId);
    }
  };
}
