// What a file on somebody's disk seems to be, from its name and from what the browser says of it. The server looks at the
// bytes; this only keeps away what it would refuse, and says beforehand what is meant.
import type { FileKind } from '../shapes.ts';

const ENDINGS: readonly (readonly [RegExp, FileKind])[] = [
  [/\.(vtt|srt)$/i, 'subtitles'],
  [/\.(mp3|m4a|wav|oga|opus|weba)$/i, 'audio'],
  [/\.(mp4|m4v|webm|ogv)$/i, 'video'],
  [/\.(jpe?g|png|gif|webp)$/i, 'image'],
];

/** `null` is nothing that a group takes. */
export function kindOfFile({ name, type }: { readonly name: string; readonly type: string }): FileKind | null {
  const byName = ENDINGS.find(([ending]) => ending.test(name))?.[1];
  if (byName) return byName;
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('image/')) return 'image';
  return type === 'text/vtt' ? 'subtitles' : null;
}

/** A name as a title: without its ending, and with spaces where people write dots and lines for them. */
export function titleOfFile(name: string): string {
  const bare = name.replace(/\.[a-z0-9]{2,5}$/i, '');
  const spaced = /\s/.test(bare) ? bare : bare.replace(/[._]+/g, ' ');
  return spaced.trim() || name;
}
