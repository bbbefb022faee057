// The session ended while the page was open. The page stays where it is; nothing that was typed is lost.
import { useSession } from '../../store/session.ts';
import { leave } from '../../sync/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SignInForm } from '../welcome/sign-in-form.tsx';
import styles from './session-sheet.module.css';

export default function SessionSheet() {
  const account = useSession((s) => s.account);
  if (!account || account.guest) {
    return (
      <Dialog title="Your visit has ended" about="Guests cannot sign in again. Copy what you have not sent, then join once more with the access code.">
        <Button tone="primary" wide onClick={leave}>Join again</Button>
      </Dialog>
    );
  }
  return (
    <Dialog title="Sign in again" about="Your session has ended. Your drafts and your place are kept.">
      <SignInForm username={account.username ?? ''} />
      <p className={styles.other}><Button tone="quiet" onClick={leave}>Leave and use another account</Button></p>
    </Dialog>
  );
}
