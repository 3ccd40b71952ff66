/** Where a page ended: the sort key of its last row, opaque to clients. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

export const encodeCursor = ({ at, id }: Cursor): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url');

/** `undefined` for a text that is none of ours. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(value) || typeof value[0] !== 'string' || typeof value[1] !== 'string') return undefined;
    const at = new Date(value[0]);
    return Number.isNaN(at.getTime()) || value[1].includes('\0') ? undefined : { at, id: value[1] };
  } catch {
    return undefined;
  }
}
