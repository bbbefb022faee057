// Asks before a group is left.
import { useLocation } from 'wouter';
import { paths } from '../../routes.ts';
import type { GroupEntry } from '../../store/groups.ts';
import { leaveGroup } from '../../sync/chat.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

export default function LeaveDialog({ entry, onClose }: { entry: GroupEntry; onClose: () => void }) {
  const [, navigate] = useLocation();
  return (
    <ConfirmDialog
      title={`Leave ${entry.group.name}?`} about="You stop getting its messages. To come back you need the access code." action="Leave group" danger onClose={onClose}
      onConfirm={async () => {
        await leaveGroup(entry.group.id);
        navigate(paths.groups, { replace: true });
      }}
    />
  );
}
