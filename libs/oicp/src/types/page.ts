import { Member } from '../member/member.ts';
import { anything, count, flag, object } from '../member/types.ts';
import { StatusCode } from './status-code.ts';

/** What surrounds the records of a page: a Spring `Page` with a status code (OICP §2.10). */
export abstract class Page {
  /** Zero-based number of this page. */
  @Member(count({ min: 0 }), 'mandatory')
  readonly number?: number;

  /** Records asked for; 20 unless said otherwise, at most 2000 (E-09). */
  @Member(count({ min: 0 }), 'mandatory')
  readonly size?: number;

  /** Of all pages; may change while they are fetched. */
  @Member(count({ min: 0 }), 'mandatory')
  readonly totalElements?: number;

  /** Whether no page follows. */
  @Member(flag, 'mandatory')
  readonly last?: boolean;

  @Member(count({ min: 0 }), 'mandatory')
  readonly totalPages?: number;

  @Member(flag, 'mandatory')
  readonly first?: boolean;

  /** Of this page. */
  @Member(count({ min: 0 }), 'mandatory')
  readonly numberOfElements?: number;

  /** Null in the page of charge detail records (E-33). */
  @Member(object(() => StatusCode), 'optional')
  readonly StatusCode?: StatusCode;

  /** Undocumented, of Spring; on the wire (E-33). */
  @Member(anything, 'optional')
  readonly pageable?: unknown;

  /** Undocumented, of Spring; on the wire (E-33). */
  @Member(anything, 'optional')
  readonly sort?: unknown;

  /** Undocumented, of Spring: whether this page has no records (E-33). */
  @Member(flag, 'optional')
  readonly empty?: boolean;
}
