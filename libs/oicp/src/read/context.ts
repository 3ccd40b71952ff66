import type { Finding, RejectedRecord } from '../finding.ts';
import { jsonPointer } from '../pointer.ts';
import { Deviations, type Complaint } from './deviations.ts';
import { memberStep, type Step } from './step.ts';

export type { Complaint } from './deviations.ts';

/** Where the reader is in the document and what it found so far. */
export class ReadContext {
  readonly rejected: RejectedRecord[] = [];
  private readonly deviations = new Deviations();
  private readonly steps: Step[] = [];
  private depth = 0;
  private readonly originals = new Map<ReadonlyMap<string, string>, ReadonlyMap<Step, Step>>();
  /** For objects whose members have other names in the document: our step → its step, by depth. */
  private names: (ReadonlyMap<Step, Step> | undefined)[] | undefined;

  enter(step: Step): void {
    this.steps[this.depth] = this.names === undefined ? step : this.original(this.depth, step);
    this.depth += 1;
  }

  leave(): void {
    this.depth -= 1;
  }

  /** Notes a deviation of the current object, or of one of its members. */
  report(complaint: Complaint, step?: Step): void {
    const original = step === undefined || this.names === undefined ? step : this.original(this.depth, step);
    this.deviations.note(complaint, this.steps, this.depth, original);
  }

  /** The step for a name that is not one of ours, or for a way of several steps. */
  foreignStep(...way: readonly (string | number)[]): Step {
    return this.deviations.foreignStep(jsonPointer(way));
  }

  /** Our step → that of the document, for names that a plan changes. Many objects share a plan. */
  originalsOf(renames: ReadonlyMap<string, string>): ReadonlyMap<Step, Step> {
    let originals = this.originals.get(renames);
    if (originals === undefined) {
      originals = new Map([...renames].map(([theirs, ours]) => [memberStep(ours), this.foreignStep(theirs)] as const));
      this.originals.set(renames, originals);
    }
    return originals;
  }

  /** While an object of the current depth, or so many levels below, is read, pointers use these steps instead of ours. */
  renamed(names: ReadonlyMap<Step, Step> | undefined, below = 0): void {
    this.names ??= [];
    const known = this.names[this.depth + below];
    this.names[this.depth + below] = known === undefined || names === undefined ? names : new Map([...known, ...names]);
  }

  /** How much was noted; `rejectSince` takes what came later. */
  get mark(): number {
    return this.deviations.length;
  }

  /** What was noted since the mark becomes the reason why the record at `index` of the current list is rejected. */
  rejectSince(mark: number, index: number): void {
    const step = this.names === undefined ? index : this.original(this.depth, index);
    const pointer = this.deviations.pointer([...this.steps.slice(0, this.depth), step]);
    this.rejected.push({ pointer, findings: this.deviations.findings(mark) });
    this.deviations.forgetSince(mark);
  }

  findings(): Finding[] {
    return this.deviations.findings();
  }

  private original(depth: number, step: Step): Step {
    return this.names?.[depth]?.get(step) ?? step;
  }
}
