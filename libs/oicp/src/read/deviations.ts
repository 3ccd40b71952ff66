import type { Finding, FindingCode, Severity } from '../finding.ts';
import { FIRST_FOREIGN, stepText, type Step } from './step.ts';

/** What is to say about one kind of deviation of one member. */
export interface Complaint {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly message: string;
  readonly erratum?: string | undefined;
  /** Of complaints that are made once and used for every document. */
  readonly number?: number;
}

const standing: Complaint[] = [];

/** A complaint that is made once and used for every document. */
export function standingComplaint(complaint: Complaint): Complaint {
  const numbered = { ...complaint, number: standing.length };
  standing.push(numbered);
  return numbered;
}

const SMALLEST = 256;

/**
 * Deviations as numbers in one buffer: `[complaint, number of steps, steps…]` each. A page of real data has eight a
 * record; as objects they would cost more to keep than the page to parse. They become findings when somebody looks.
 */
export class Deviations {
  private buffer: Int32Array | undefined;
  private used = 0;
  /** Complaints about this document only, such as those that quote it; numbered from −1 downwards. */
  private readonly own: Complaint[] = [];
  /** Pieces of pointers that only this document has. */
  private readonly foreign: string[] = [];
  get length(): number {
    return this.used;
  }

  /** The first `depth` of the steps lead to the object; `step` to its member, or is `undefined`. */
  note(complaint: Complaint, steps: readonly Step[], depth: number, step: Step | undefined): void {
    let at = this.used;
    const size = depth + (step === undefined ? 2 : 3);
    let buffer = this.buffer;
    if (buffer === undefined || at + size > buffer.length) buffer = this.grow(at + size);
    buffer[at] = complaint.number ?? -this.own.push(complaint);
    buffer[at + 1] = size - 2;
    at += 2;
    for (let level = 0; level < depth; level += 1) buffer[at + level] = steps[level]!;
    if (step !== undefined) buffer[at + depth] = step;
    this.used += size;
  }

  /** The step for a piece of a pointer, `/name`, that only this document has. */
  foreignStep(piece: string): Step {
    return ~(FIRST_FOREIGN + this.foreign.push(piece) - 1);
  }

  findings(from = 0): Finding[] {
    const findings: Finding[] = [];
    const { buffer } = this;
    if (buffer === undefined) return findings;
    const pointers = new Pointers(this.foreign);
    for (let at = from; at < this.used; at += buffer[at + 1]! + 2) {
      const { code, message, severity, erratum } = this.complaint(buffer[at]!);
      const pointer = pointers.of(buffer, at + 2, buffer[at + 1]!);
      findings.push(erratum === undefined
        ? { pointer, code, message, severity }
        : { pointer, code, message, severity, erratum });
    }
    return findings;
  }

  forgetSince(mark: number): void {
    this.used = mark;
  }

  pointer(steps: readonly Step[]): string {
    return new Pointers(this.foreign).of(steps, 0, steps.length);
  }

  private complaint(number: number): Complaint {
    return number < 0 ? this.own[-number - 1]! : standing[number]!;
  }

  private grow(needed: number): Int32Array {
    const larger = new Int32Array(Math.max(SMALLEST, needed, (this.buffer?.length ?? 0) * 2));
    if (this.buffer !== undefined) larger.set(this.buffer);
    this.buffer = larger;
    return larger;
  }
}

/** Writes pointers; one mostly begins like the one before. */
class Pointers {
  private readonly foreign: readonly string[];
  private readonly steps: Step[] = [];
  /** `texts[n]` is the pointer of the first `n` steps. */
  private readonly texts: string[] = [''];

  constructor(foreign: readonly string[]) {
    this.foreign = foreign;
  }

  of(source: ArrayLike<Step>, from: number, length: number): string {
    const { steps, texts } = this;
    let same = 0;
    while (same < length && same < steps.length && steps[same] === source[from + same]) same += 1;
    for (let at = same; at < length; at += 1) {
      steps[at] = source[from + at]!;
      texts[at + 1] = texts[at]! + stepText(steps[at]!, this.foreign);
    }
    steps.length = length;
    return texts[length]!;
  }
}
