/** One place where the documents of OICP 2.3, or the documents and the wire, disagree. */
export interface Erratum {
  /** `E-01` … `E-61`, as in the findings. */
  readonly id: string;
  /** The message, operation or topic. */
  readonly where: string;
  /** How the documents disagree. */
  readonly disagreement: string;
  /** What we accept. */
  readonly weRead: string;
  /** What we send. */
  readonly weSend: string;
}

export const erratum = (
  id: string, where: string, disagreement: string, weRead: string, weSend: string,
): Erratum => ({ id, where, disagreement, weRead, weSend });

/** For entries about messages we never send. */
export const NOT_OURS = 'nothing: we never send it';
