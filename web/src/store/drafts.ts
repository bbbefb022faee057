// What was typed and not sent, for each group, in local storage: a reload, a crash or an ended session takes nothing.
import { create } from 'zustand';
import { filesIn } from '../model/attachments.ts';
import type { Attachment } from '../shapes.ts';

export interface Draft {
  readonly text: string;
  readonly replyTo: number | null;
  /** Those that are with the server already. */
  readonly files: readonly Attachment[];
}

interface DraftsState {
  readonly account: number;
  readonly drafts: Readonly<Record<number, Draft>>;
}

export const useDrafts = create<DraftsState>()(() => ({ account: 0, drafts: {} }));

export const NO_DRAFT: Draft = { text: '', replyTo: null, files: [] };

const prefix = (account: number) => `parlor.draft.${account}.`;

export function loadDrafts(account: number): void {
  const drafts: Record<number, Draft> = {};
  for (const key of draftKeys(account)) {
    try {
      const value = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Draft> | null;
      const group = Number(key.slice(prefix(account).length));
      if (typeof value?.text === 'string' && group > 0) drafts[group] = { text: value.text, replyTo: value.replyTo ?? null, files: filesIn(value.files) };
    } catch {
      localStorage.removeItem(key);
    }
  }
  useDrafts.setState({ account, drafts });
}

export function setDraft(group: number, draft: Draft): void {
  const { account, drafts } = useDrafts.getState();
  const empty = draft.text.trim() === '' && draft.replyTo === null && draft.files.length === 0;
  const { [group]: _before, ...others } = drafts;
  useDrafts.setState({ drafts: empty ? others : { ...others, [group]: draft } });
  try {
    if (empty) localStorage.removeItem(prefix(account) + group);
    else localStorage.setItem(prefix(account) + group, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
}

/** After signing out by hand: the next person at this screen finds nothing. */
export function forgetDrafts(): void {
  for (const key of draftKeys(useDrafts.getState().account)) localStorage.removeItem(key);
  useDrafts.setState({ drafts: {} });
}

function draftKeys(account: number): readonly string[] {
  return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index)!).filter((key) => key.startsWith(prefix(account)));
}
