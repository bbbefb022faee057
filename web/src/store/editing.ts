// The message that is being changed in the composer. It outlives a change of group: typed text is not lost by looking
// elsewhere.
import { create } from 'zustand';

export interface Editing {
  readonly group: number;
  readonly seq: number;
  readonly original: string;
  readonly text: string;
  readonly problem?: string | undefined;
}

export const useEditing = create<{ readonly current: Editing | null }>()(() => ({ current: null }));

export function startEdit(group: number, seq: number, text: string): void {
  useEditing.setState({ current: { group, seq, original: text, text } });
}

export function changeEdit(text: string): void {
  useEditing.setState(({ current }) => ({ current: current && { ...current, text } }));
}

export function putEdit(editing: Editing): void {
  useEditing.setState({ current: editing });
}

export function endEdit(): void {
  useEditing.setState({ current: null });
}
