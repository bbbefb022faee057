// Files that somebody brings to watch: sent, and offered to be put on when they are there.
import type { Upload } from '../../shapes.ts';
import { announce } from '../../store/announcer.ts';
import { toast } from '../../store/toasts.ts';
import { titleOfFile } from '../../uploads/kinds.ts';
import { useUploads } from '../../uploads/store.ts';
import { bringFiles } from '../../uploads/uploads.ts';
import { shortened } from '../../uploads/words.ts';
import { chooseCaptions } from '../../watch/own-settings.ts';
import { useWatch } from '../../watch/store.ts';
import { bring } from '../../watch/watching.ts';

const TAKES = ['video', 'audio', 'subtitles'] as const;

const OFFERED_MS = 10_000;

export async function bringToWatch(group: number, files: readonly File[]): Promise<void> {
  const problems = await bringFiles(group, files, TAKES, offer);
  for (const problem of problems) toast(problem, { tone: 'error' });
}

/** Puts a file on, or at the end of the queue. */
export function bringUpload({ id, name, kind }: Upload, when: 'now' | 'later'): Promise<boolean> {
  return bring({ source: `upload:${id}`, title: titleOfFile(name), kind: kind === 'audio' ? 'music' : 'video' }, when);
}

/** Under what is on now. */
export function showCaptions({ id }: Upload): void {
  const source = useWatch.getState().watch?.item?.source;
  if (source) chooseCaptions(source, { upload: id, shiftMs: 0 });
}

/** Whoever sent it may be anywhere by now: where its group is watched no more, the words are all there is. */
function offer(upload: Upload): void {
  const { watch } = useWatch.getState();
  const text = `“${shortened(upload.name)}” is there.`;
  // In the list one sees it, with all that can be done.
  if (useUploads.getState().listed === upload.group) return announce(text);
  if (watch?.group !== upload.group) toast(text);
  else if (upload.kind === 'subtitles') toast(text, watch.item ? { lastsMs: OFFERED_MS, action: { label: 'Show them', run: () => showCaptions(upload) } } : {});
  else if (watch.item) toast(text, { lastsMs: OFFERED_MS, action: { label: 'Add to the queue', run: () => void bringUpload(upload, 'later') } });
  else toast(text, { lastsMs: OFFERED_MS, action: { label: 'Watch it', run: () => void bringUpload(upload, 'now') } });
}
