import { messageOf } from '@emp/kernel';
import { providerKey, type OicpMessages } from '@emp/oicp';
import type { Caller } from './caller.ts';
import type { PushLock } from './limits/push-lock.ts';
import { OPERATIONS } from './operations.ts';
import type { HbsResult } from './result.ts';

/** One push, when its turn has come. */
export async function push(
  caller: Caller, lock: PushLock, message: OicpMessages['PushAuthenticationData'],
): Promise<HbsResult<OicpMessages['Acknowledgement']>> {
  const provider = providerKey(message.ProviderAuthenticationData.ProviderID);
  const notDone = (reason: 'rate-limited' | 'unreachable', detail: string): HbsResult<never> =>
    ({ ok: false, reason, detail, processId: null, retry: 'helps', done: 'no' });
  try {
    const done = await lock.hold(`${provider}|PushAuthenticationData`, OPERATIONS.PushAuthenticationData.patienceMs, () =>
      caller.ask('PushAuthenticationData', 'Acknowledgement', {
        message,
        kind: 'PushAuthenticationData',
        ids: { providerID: message.ProviderAuthenticationData.ProviderID },
        ...(message.ActionType === 'fullLoad' ? {} : { repeatable: 'unless-sent' as const }),
      }));
    return done === 'busy' ? notDone('rate-limited', `another push for ${provider} is still under way`) : done;
  } catch (error) {
    if (error instanceof Error && 'slug' in error && String(error.slug).startsWith('database')) {
      return notDone('unreachable', `nothing was pushed, the lock for pushes is not to be had: ${messageOf(error)}`);
    }
    throw error;
  }
}
