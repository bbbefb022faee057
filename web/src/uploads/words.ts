// What is said of files: how large, how far, why not. Pure.
import { type Failure, inWords } from '../failure.ts';
import type { FileKind } from '../shapes.ts';
import type { Sending } from './store.ts';

/** "640 KB", "1.2 GB": in steps of 1,024, as limits are set. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let [size, unit] = [bytes / 1024, 0];
  // 1,023.7 KB is a megabyte to everybody who reads it.
  while (size >= 1023.5 && unit < units.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${size < 9.95 ? size.toFixed(1).replace(/\.0$/, '') : Math.round(size)} ${units[unit]}`;
}

/** "less than a minute left", "3 min left", "1 h 5 min left". */
export function leftInWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute left';
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** A long name for one line: its beginning and its end, which tell files apart. */
export function shortened(name: string, most = 40): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const end = Math.floor(most / 3);
  return `${letters.slice(0, most - end - 1).join('')}…${letters.slice(-end).join('')}`;
}

/** How a file on its way is. */
export function sendingInWords({ state, sent, size, leftMs, problem }: Pick<Sending, 'state' | 'sent' | 'size' | 'leftMs' | 'problem'>): string {
  const far = `${sizeInWords(sent)} of ${sizeInWords(size)}`;
  switch (state) {
    case 'waiting':
      return 'Waits for its turn';
    case 'sending':
      return leftMs === null ? far : `${far} · ${leftInWords(leftMs)}`;
    case 'looking':
      return 'All of it is there; the server looks at it…';
    case 'away':
      return `No connection: ${far} are there, and it goes on by itself.`;
    case 'paused':
      return `Paused at ${far}`;
    case 'failed':
      return problem ?? 'It did not come.';
  }
}

export function kindInWords(kind: FileKind | null): string {
  return kind === null ? 'File' : { video: 'Film', audio: 'Sound', image: 'Picture', subtitles: 'Captions' }[kind];
}

const KINDS: Record<FileKind, string> = {
  video: 'films (MP4, WebM)',
  audio: 'sound (MP3, M4A, Ogg, WAV)',
  subtitles: 'captions (WebVTT, SubRip)',
  image: 'pictures (JPEG, PNG, GIF, WebP)',
};

export function notTaken(name: string, takes: readonly FileKind[]): string {
  const kinds = takes.map((kind) => KINDS[kind]);
  return `“${name}” cannot be brought here: only ${kinds.length > 1 ? `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}` : kinds[0]}.`;
}

interface Limits {
  readonly used_bytes: number;
  readonly quota_bytes: number;
  readonly max_bytes: number;
}

/** What the server would say, before anything is sent. */
export function refusalBefore({ name, size }: { readonly name: string; readonly size: number }, limits: Limits | null): string | null {
  if (size === 0) return `“${name}” is empty.`;
  if (!limits) return null;
  if (limits.max_bytes === 0) return 'This server takes no files.';
  if (size > limits.max_bytes) return `“${name}” has ${sizeInWords(size)}; this server takes files of up to ${sizeInWords(limits.max_bytes)}.`;
  const left = limits.quota_bytes - limits.used_bytes;
  if (size > left) return `“${name}” has ${sizeInWords(size)}, and this group has ${left > 0 ? `only ${sizeInWords(left)}` : 'no room'} left for files. Delete some first.`;
  return null;
}

/** Why a file did not come. */
export function uploadProblem(failure: Failure): string {
  switch (failure.code) {
    case 'too_large':
      return /group/.test(failure.message) ? 'The group has no room left for it. Delete some files first.' : 'It is larger than this server takes.';
    case 'invalid':
      if (failure.field === 'kind') return 'Its content is something else than its name says.';
      if (failure.field === 'size') return 'It is too large for a file of its kind.';
      return `It is of no kind that is taken: ${Object.values(KINDS).join(', ')}.`;
    case 'not_found':
      return 'The server knows nothing of it any more. Choose it again.';
    case 'conflict':
      return 'Another tab or device sends the same file.';
    case 'offline':
      return 'You are offline. Try again when you are back.';
    default:
      return inWords(failure);
  }
}
