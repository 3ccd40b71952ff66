const MOST_SHOWN = 4;

/** The end of a number, so that people can tell one from another: `**********E680`. At most a third is shown. */
export function masked(text: string): string {
  const shown = Math.min(MOST_SHOWN, Math.floor(text.length / 3));
  return '*'.repeat(text.length - shown) + text.slice(text.length - shown);
}

/** `clear` for callers with the scope `secrets`. */
export type Showing = 'clear' | 'masked';

export const shown = (text: string, showing: Showing): string => (showing === 'clear' ? text : masked(text));
