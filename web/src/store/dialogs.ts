// Which dialog is open. One at a time; those that have an address of their own (members, group settings) are routes.
import { create } from 'zustand';

export type OpenDialog = 'none' | 'create-group' | 'join-group' | 'palette' | 'shortcuts';

export const useDialogs = create<{ readonly open: OpenDialog }>()(() => ({ open: 'none' }));

export function openDialog(open: OpenDialog): void {
  useDialogs.setState({ open });
}

export function closeDialog(): void {
  useDialogs.setState({ open: 'none' });
}
