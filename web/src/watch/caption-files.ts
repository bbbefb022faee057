// The captions that a group has, those that fit what is on before the others.
import { api } from '../api.ts';
import type { Upload } from '../shapes.ts';
import { titleOfFile } from '../uploads/kinds.ts';

/** A thousand files; whoever has more finds the newest. */
const MOST_PAGES = 10;

export async function captionFiles(group: number): Promise<readonly Upload[]> {
  const found: Upload[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { uploads, next } = await api.uploads(group, cursor);
    found.push(...uploads.filter(({ ready, kind }) => ready && kind === 'subtitles'));
    if (next === null) break;
    cursor = next;
  }
  return found;
}

/** A file fits whose name begins as the film is called: "Metropolis.de.vtt". */
export function fitting(files: readonly Upload[], title: string | null): readonly Upload[] {
  const wanted = title === null ? '' : plain(title);
  const fits = ({ name }: Upload) => wanted !== '' && plain(name).startsWith(wanted);
  return [...files.filter(fits), ...files.filter((file) => !fits(file))];
}

function plain(name: string): string {
  return titleOfFile(name).toLocaleLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
