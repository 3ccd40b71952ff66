export const TOO_LATE = Symbol('TOO_LATE');

/** What `work` gives, or `TOO_LATE` after the time: the work goes on, its end is told to `onLate`. */
export async function withinDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  onLate: () => void,
): Promise<T | typeof TOO_LATE> {
  let timer: NodeJS.Timeout | undefined;
  let late = false;
  const deadline = new Promise<typeof TOO_LATE>((resolve) => {
    timer = setTimeout(() => {
      late = true;
      resolve(TOO_LATE);
    }, deadlineMs);
  });
  const told = work.finally(() => {
    if (late) onLate();
  });
  // Once it is late nobody listens to how the work fails.
  told.catch(() => undefined);
  return Promise.race([told, deadline]).finally(() => clearTimeout(timer));
}
