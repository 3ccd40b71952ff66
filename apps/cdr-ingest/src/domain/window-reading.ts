import type { PullWindow } from './pull-windows.ts';

/** How a window was read so far. */
export interface WindowReading {
  readonly window: PullWindow;
  /** 1 for the first time. */
  readonly reading: number;
  /** Pages of this reading. */
  readonly pages: number;
  /** What Hubject counted in the window when it answered the last page; `null` = it did not say. */
  readonly announced: number | null;
  /** Different records that came by, in all readings. */
  readonly seen: number;
}

export type ReadingVerdict = 'complete' | 'read-again' | 'split' | 'incomplete';

/** When pages shift under a pull, records slip through; the window is read again, this often at most. */
const READINGS = 3;

/** A window as short as this is not divided further. */
const SHORTEST_MS = 60_000;

/**
 * Whether every record came by (OICP §2.10: no snapshot is promised, pages may shift while they are read). One page is
 * one moment and cannot shift. A window that will not stand still is divided: the fewer pages, the stiller.
 */
export function judgeReading({ window, reading, pages, announced, seen }: WindowReading): ReadingVerdict {
  if (announced === null || seen >= announced || pages <= 1) return 'complete';
  if (reading < READINGS) return 'read-again';
  return halvesOf(window) ? 'split' : 'incomplete';
}

/** The two halves, meeting at a whole second; `null` if the window is too short. */
export function halvesOf({ from, to }: PullWindow): readonly [PullWindow, PullWindow] | null {
  const length = to.getTime() - from.getTime();
  if (length < 2 * SHORTEST_MS) return null;
  const middle = new Date(from.getTime() + Math.floor(length / 2_000) * 1_000);
  return [{ from, to: middle }, { from: middle, to }];
}
