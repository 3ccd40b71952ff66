import { messageOf } from '@emp/kernel';
import type { StackOptions } from '../options.ts';
import type { Stack } from '../stack.ts';
import type { StoryResult } from './moment.ts';
import { printStory } from './print.ts';
import { offlineStory, onlineStory, unknownCardStory } from './stories.ts';

/**
 * Plays one session to its end, beside it an unknown card and an offline provider's session, and prints the timeline.
 * Exit status 1, and which step, if one did not happen within its limit.
 */
export async function runOnce(stack: Stack, options: StackOptions): Promise<number> {
  const told: StoryResult[] = [];
  let failure: string | null = null;
  for (const tell of [onlineStory, unknownCardStory, offlineStory]) {
    try {
      const story = await tell(stack);
      told.push(story);
      if (options.output === 'text') process.stdout.write(`\n${printStory(story)}\n`);
    } catch (error) {
      failure = messageOf(error);
      break;
    }
  }
  if (options.output === 'json') process.stdout.write(`${JSON.stringify({ ok: failure === null, failure, stories: told }, null, 2)}\n`);
  if (failure !== null) process.stderr.write(`\n${failure}\n`);
  else if (options.output === 'text') process.stdout.write('\nevery step happened\n');
  return failure === null ? 0 : 1;
}
