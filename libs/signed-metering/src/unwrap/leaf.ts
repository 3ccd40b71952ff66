import type { Outcome, Rejection } from '../rejection.ts';
import type { XmlElement } from '../xml/xml-element.ts';

/** What is left when every wrapping is taken off: recognised, not yet read. `SML` is told apart by its entries. */
export type Value =
  | { readonly format: 'OCMF' | 'ALFEN' | 'PCDF'; readonly text: string }
  | { readonly format: 'SML'; readonly bytes: Uint8Array }
  | { readonly format: 'EDL_40_SIG' | 'EDL_40_MENNEKES'; readonly element: XmlElement };

/** What a wrapping says about the value inside. */
export interface Wrapping {
  /** A key that came along. */
  readonly key: string | undefined;
  /** Of the transparency software's container. */
  readonly transactionId: string | undefined;
  readonly context: string | undefined;
  /** The wrappings taken off, outermost first. */
  readonly path: readonly string[];
}

/** One value of a text, or why there is none. A broken value costs only itself. */
export interface Leaf extends Wrapping {
  readonly value: Outcome<Value>;
}

export const NO_WRAPPING: Wrapping = { key: undefined, transactionId: undefined, context: undefined, path: [] };

export const inside = (wrapping: Wrapping, step: string): Wrapping => ({ ...wrapping, path: [...wrapping.path, step] });

export const leaf = (value: Value, wrapping: Wrapping): readonly Leaf[] => [
  { ...wrapping, value: { ok: true, value } },
];

export const noLeaf = (
  failure: { readonly ok: false; readonly rejection: Rejection },
  wrapping: Wrapping,
): readonly Leaf[] => [{ ...wrapping, value: failure }];
