// How others come in: the access code, the link made of it, a new one, none.
import { useState } from 'react';
import { api } from '../../api.ts';
import { inviteLink } from '../../routes.ts';
import type { Group } from '../../shapes.ts';
import { refreshGroup } from '../../store/groups.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { copyText } from '../../ui/copy.ts';
import { LinkIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import styles from './group-settings.module.css';

export function Access({ group }: { group: Group }) {
  const [asking, setAsking] = useState<'rotate' | 'off' | null>(null);
  const submission = useSubmit();
  const code = group.access_code ?? null;
  const rotate = async () => refreshGroup((await api.rotateCode(group.id)).group);
  return (
    <section className={styles.section} aria-labelledby="access">
      <h3 id="access" className={styles.heading}>Access code</h3>
      {code ? (
        <>
          <p className={styles.hint}>Whoever has the code can join, as a guest too.</p>
          <output className={styles.code}>{code}</output>
          <div className={styles.row}>
            <Button tone="primary" onClick={() => void copyText(inviteLink(code), 'Invite link copied')}><LinkIcon />Copy invite link</Button>
            <Button onClick={() => void copyText(code, 'Code copied')}>Copy code</Button>
            <Button onClick={() => setAsking('rotate')}>New code</Button>
            <Button onClick={() => setAsking('off')}>Turn off</Button>
          </div>
        </>
      ) : (
        <>
          <p className={styles.hint}>The code is turned off: nobody new can join.</p>
          <Problem text={submission.problem} />
          <div className={styles.row}><Button busy={submission.busy} onClick={() => submission.run(rotate)}>Turn on with a new code</Button></div>
        </>
      )}
      {asking === 'rotate' && (
        <ConfirmDialog title="Make a new code?" about="The old code and every link with it stop working at once. Members stay." action="New code" onClose={() => setAsking(null)} onConfirm={rotate} />
      )}
      {asking === 'off' && (
        <ConfirmDialog title="Turn the code off?" about="Nobody new can join until you turn it on again. Members stay." action="Turn off" onClose={() => setAsking(null)} onConfirm={async () => refreshGroup((await api.turnCodeOff(group.id)).group)} />
      )}
    </section>
  );
}
