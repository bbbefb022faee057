// Every key that does something, in one list.
import { Dialog } from '../../ui/dialog.tsx';
import { ShortcutList } from './shortcut-list.tsx';

export default function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" shape="wide" onClose={onClose}>
      <ShortcutList />
    </Dialog>
  );
}
