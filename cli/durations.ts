const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** `1.4 s`, `3 min 16 s`, `2 h 5 min`, `4 d 3 h`. */
export function describeDuration(durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [large, small, size, names] =
    whole < HOUR_S
      ? [MINUTE_S, 1, whole, ['min', 's']]
      : whole < DAY_S
        ? [HOUR_S, MINUTE_S, whole, ['h', 'min']]
        : [DAY_S, HOUR_S, whole, ['d', 'h']];
  const [first = '', second = ''] = names;
  const rest = Math.floor((size % large) / small);
  return `${String(Math.floor(size / large))} ${first}${rest === 0 ? '' : ` ${String(rest)} ${second}`}`;
}

/** `just now`, `5 min ago`, `3 h ago`, `12 d ago`. */
export function describeAge(ageMs: number): string {
  const seconds = ageMs / 1000;
  if (seconds < MINUTE_S) return 'just now';
  if (seconds < HOUR_S) return `${String(Math.floor(seconds / MINUTE_S))} min ago`;
  if (seconds < DAY_S) return `${String(Math.floor(seconds / HOUR_S))} h ago`;
  return `${String(Math.floor(seconds / DAY_S))} d ago`;
}

/** `2026-11-24 00:24:12 UTC` of an RFC 3339 time. */
export function describeTime(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
