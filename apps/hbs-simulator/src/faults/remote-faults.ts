import type { HubReply } from '../hub/hub-call.ts';
import type { Answer } from '../hub/status-code.ts';
import { pause } from '../pause.ts';
import type { World } from '../world.ts';

/** What the operator says instead of starting; `undefined`: it starts. */
export const refusalOfOperator = ({ faults, random }: World): Answer | undefined =>
  random.chance(faults.remoteRefusal) ? { code: faults.remoteRefusalCode } : undefined;

/** The answer of an operator that has begun to do what it was asked: late, or lost, if a fault says so. */
export async function answerOfOperator({ faults, random }: World, reply: HubReply): Promise<HubReply> {
  if (faults.slowRemoteAnswerMs > 0) await pause(faults.slowRemoteAnswerMs);
  return random.chance(faults.lostRemoteAnswer) ? { ...reply, lost: true } : reply;
}
