// Captions from a file: WebVTT as it is, SubRip turned into it. Pure; the browser's own track draws them, as text.

/** Enough for the words of a long film ten times over. */
export const MOST_BYTES = 2 * 1024 * 1024;

const SRT_TIME = /(\d{1,2}:\d{2}:\d{2}),(\d{3})/g;
const SRT_ARROW = /^\s*\d{1,2}:\d{2}:\d{2},\d{3}\s+-->\s+\d{1,2}:\d{2}:\d{2},\d{3}/m;

/** `null` for a text that is neither. */
export function toWebVtt(text: string): string | null {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  if (/^WEBVTT(?:[ \t\n]|$)/.test(plain)) return plain;
  if (!SRT_ARROW.test(plain)) return null;
  // Only in the lines with the arrow: a comma in what is said stays one.
  const lines = plain.split('\n').map((line) => (line.includes('-->') ? line.replace(SRT_TIME, '$1.$2') : line));
  return `WEBVTT\n\n${lines.join('\n')}`;
}

/** Moves cues by the difference between two shifts, in milliseconds; none begins before the film does. */
export function shiftCues(cues: Iterable<{ startTime: number; endTime: number }>, byMs: number): void {
  for (const cue of cues) {
    cue.startTime += byMs / 1_000;
    cue.endTime += byMs / 1_000;
  }
}
