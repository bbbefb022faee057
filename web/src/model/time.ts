// Times as people read them, in the reader's own zone and habit of hours. Pure: `now` comes in.
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const yearFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** First millisecond of the local day, and of the next one; days with a clock change are 23 or 25 hours long. */
export function dayBounds(at: number): { from: number; to: number } {
  const date = new Date(at);
  const from = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const to = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
  return { from, to };
}

export function clock(at: number): string {
  return clockFormat.format(at);
}

/** For the narrow column beside a message: without "AM" and "PM", which its full time says. */
export function shortClock(at: number): string {
  return clockFormat.formatToParts(at).filter((part) => part.type !== 'dayPeriod').map((part) => part.value).join('').trim();
}

/** "Today", "Yesterday", "Monday", "Monday, 3 March", "3 March 2024". */
export function dayName(at: number, now: number): string {
  const today = dayBounds(now);
  if (at >= today.from && at < today.to) return 'Today';
  if (at >= dayBounds(today.from - 1).from && at < today.from) return 'Yesterday';
  // Six days back no weekday is meant twice.
  if (at < today.from && at >= today.from - 6 * DAY) return weekdayFormat.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayFormat.format(at) : yearFormat.format(at);
}

/** For a tooltip and for a screen reader: nothing is left to guess. */
export function fullTime(at: number): string {
  return `${yearFormat.format(at)}, ${clock(at)}`;
}

/** "now", "5 minutes ago", "in 2 days". */
export function relative(at: number, now: number): string {
  const away = at - now;
  const size = Math.abs(away);
  if (size < MINUTE) return 'now';
  if (size < HOUR) return relativeFormat.format(Math.trunc(away / MINUTE), 'minute');
  if (size < DAY) return relativeFormat.format(Math.trunc(away / HOUR), 'hour');
  return relativeFormat.format(Math.trunc(away / DAY), 'day');
}

/** "9 s", "1 min 05 s". */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** "0:09", "12:30", "1:02:03": for clocks with digits that keep their place. */
export function digits(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, '0')];
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** The same for time that is left: it rounds up, and "0:00" is the end. */
export function digitsLeft(ms: number): string {
  return digits(Math.ceil(ms / 1000) * 1000);
}
