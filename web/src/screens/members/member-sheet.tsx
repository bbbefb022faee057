// The members over the log, where the window is too narrow for a panel beside it.
import type { GroupEntry } from '../../store/groups.ts';
import { Dialog } from '../../ui/dialog.tsx';
import MemberPanel from './member-panel.tsx';

export default function MemberSheet({ entry, onClose }: { entry: GroupEntry; onClose: () => void }) {
  return (
    <Dialog title="Members" shape="side" onClose={onClose}>
      <MemberPanel entry={entry} />
    </Dialog>
  );
}
