import type { Finding, FindingCode, RejectedRecord, Severity } from '../finding.ts';
import { jsonPointer } from '../pointer.ts';

/** What is to say about one kind of deviation of one member; made once, used for every document. */
export interface Complaint {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly message: string;
  readonly erratum?: string | undefined;
}

/** Where the reader is in the document and what it found so far. Pointers are only made when there is a finding. */
export class ReadContext {
  findings: Finding[] = [];
  readonly rejected: RejectedRecord[] = [];
  private readonly steps: (string | number)[] = [];
  /** For objects whose members have other names in the document: our name → its name, by depth. */
  private readonly names: (ReadonlyMap<string, string> | undefined)[] = [];

  enter(step: string | number): void {
    this.steps.push(step);
  }

  leave(): void {
    this.steps.pop();
  }

  /** While an object of the current depth is read, pointers use these names. */
  renamed(names: ReadonlyMap<string, string> | undefined): void {
    this.names[this.steps.length] = names;
  }

  report(complaint: Complaint, step?: string | number): void {
    this.findings.push({
      pointer: this.pointer(step),
      code: complaint.code,
      message: complaint.message,
      severity: complaint.severity,
      ...(complaint.erratum === undefined ? undefined : { erratum: complaint.erratum }),
    });
  }

  pointer(step?: string | number): string {
    const steps = step === undefined ? this.steps : [...this.steps, step];
    return jsonPointer(this.names.length === 0 ? steps : steps.map((name, depth) => this.nameAt(depth, name)));
  }

  private nameAt(depth: number, name: string | number): string | number {
    return typeof name === 'string' ? this.names[depth]?.get(name) ?? name : name;
  }
}
