// The files of a message: how many, how large they are drawn, and the text that stands for them where nothing is written,
// since a message always has one: who reads by a client that shows no pictures reads their names. Pure.
import type { Attachment, Upload } from '../shapes.ts';

/** The server's limit. */
export const MOST_FILES = 8;
const WIDEST = 360;
const HIGHEST = 280;

export function attachmentOf({ id, name, kind, size, width, height, thumbnail }: Upload): Attachment {
  const pixels = width !== null && height !== null ? { width, height, thumbnail } : {};
  return { id, name, kind: kind ?? 'video', size, ...pixels };
}

export function namesAsText(files: readonly Attachment[]): string {
  return files.map(({ name }) => name).join(', ');
}

/** What was written beside the files; nothing where the text only stands for them. */
export function writtenBeside(text: string, files: readonly Attachment[]): string {
  return files.length > 0 && text === namesAsText(files) ? '' : text;
}

/** How large a picture is drawn, known before it is loaded, so that nothing moves when it comes. */
export function drawnSize({ width, height }: Attachment): { readonly width: number; readonly height: number } | null {
  if (!width || !height) return null;
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  return { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) };
}

/** What lies in storage may have been written by an older version, or by hand. */
export function filesIn(stored: unknown): readonly Attachment[] {
  if (!Array.isArray(stored)) return [];
  const isFile = (one: Partial<Attachment> | null): one is Attachment => Number.isSafeInteger(one?.id) && typeof one?.name === 'string' && typeof one.kind === 'string' && typeof one.size === 'number';
  return stored.filter(isFile).slice(0, MOST_FILES);
}
