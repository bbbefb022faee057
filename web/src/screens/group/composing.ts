// What the composer is told from elsewhere: answer this, change that, take the focus.
import { setDraft, useDrafts, NO_DRAFT } from '../../store/drafts.ts';
import { endEdit, startEdit, useEditing } from '../../store/editing.ts';

export const COMPOSER_ID = 'composer';
export const CHOOSER_ID = 'composer-files';

export function focusComposer(): void {
  // After whatever closes now has given the focus back.
  requestAnimationFrame(() => document.getElementById(COMPOSER_ID)?.focus());
}

export function beginReply(group: number, seq: number): void {
  if (useEditing.getState().current?.group === group) endEdit();
  setDraft(group, { ...(useDrafts.getState().drafts[group] ?? NO_DRAFT), replyTo: seq });
  focusComposer();
}

export function beginEdit(group: number, seq: number, text: string): void {
  startEdit(group, seq, text);
  focusComposer();
}
