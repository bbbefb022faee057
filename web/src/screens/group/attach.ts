// Files for the message that is being written: sent at once, so that they are there when it is.
import { attachmentOf, MOST_FILES } from '../../model/attachments.ts';
import type { FileKind } from '../../shapes.ts';
import { NO_DRAFT, setDraft, useDrafts } from '../../store/drafts.ts';
import { toast } from '../../store/toasts.ts';
import { useUploads } from '../../uploads/store.ts';
import { focusComposer } from './composing.ts';

const TAKES: readonly FileKind[] = ['image', 'video', 'audio'];
/** For the chooser of files. */
export const ATTACHABLE = 'image/*,video/*,audio/*';

export async function attachFiles(group: number, files: readonly File[]): Promise<void> {
  const room = MOST_FILES - draftOf(group).files.length - useUploads.getState().sending.filter((one) => one.group === group && one.inMessage).length;
  const { bringFiles } = await import('../../uploads/uploads.ts');
  const problems = await bringFiles(
    group, files.slice(0, Math.max(0, room)), TAKES,
    (upload) => {
      const draft = draftOf(group);
      // As they were chosen: a small one that was chosen later may be there sooner.
      const files = [...draft.files, attachmentOf(upload)].sort((a, b) => a.id - b.id);
      setDraft(group, { ...draft, files });
    },
    true,
  );
  for (const problem of problems) toast(problem, { tone: 'error' });
  if (files.length > room) toast(`A message holds ${MOST_FILES} files; the others were left out.`);
  focusComposer();
}

/** Takes a file out of the message again; nobody has seen it. */
export async function detachFile(group: number, id: number): Promise<void> {
  const draft = draftOf(group);
  setDraft(group, { ...draft, files: draft.files.filter((file) => file.id !== id) });
  const { api } = await import('../../api.ts');
  await api.deleteUpload(group, id).catch(() => {});
}

function draftOf(group: number) {
  return useDrafts.getState().drafts[group] ?? NO_DRAFT;
}
