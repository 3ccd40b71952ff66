import { EmpError } from '@emp/kernel';

export interface GroupMove {
  readonly group: string;
  readonly topics: readonly string[];
  /** Everything that is kept, or what was appended since. */
  readonly from: 'beginning' | Date;
}

/** A group's place is moved only while nobody reads for it. */
export const groupRunning = (group: string, cause?: unknown): EmpError =>
  new EmpError('group-running', `group ${group} has members at work: its place cannot be moved under their hands`, { retry: 'helps', cause });
