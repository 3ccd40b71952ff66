const HOUR_S = 3_600;

/** How long a case has been open, in the steps in which people care; each begins where the one before ends. */
export const AGE_BANDS = ['under-1h', '1h-4h', '4h-1d', '1d-3d', '3d-7d', '7d-30d', 'over-30d'] as const;
export const AGE_BOUNDS_S = [HOUR_S, 4 * HOUR_S, 24 * HOUR_S, 72 * HOUR_S, 168 * HOUR_S, 720 * HOUR_S] as const;

export type AgeBand = (typeof AGE_BANDS)[number];
