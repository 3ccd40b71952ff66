import type { MessageClass } from '../member/member-type.ts';
import type { ReadContext } from './context.ts';

/** Turns a document of another structure, in place, into ours, before its members are read. */
export type Reshape = (target: Record<string, unknown>, context: ReadContext) => void;

const reshapes = new Map<MessageClass, Reshape>();

export function reshape(messageClass: MessageClass, turn: Reshape): void {
  reshapes.set(messageClass, turn);
}

export const reshapeOf = (messageClass: MessageClass): Reshape | undefined => reshapes.get(messageClass);
