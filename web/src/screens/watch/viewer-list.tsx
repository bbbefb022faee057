// Who watches along, and how far each is from the others: what other programs hide.
import { usePeople } from '../../store/people.ts';
import type { Member, Watch } from '../../shapes.ts';
import type { Allowed } from '../../watch/allowed.ts';
import { useWatch } from '../../watch/store.ts';
import { ask } from '../../watch/watching.ts';
import { stateOf } from '../../watch/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { CrownIcon } from '../../ui/icons.tsx';
import { EmptyState } from '../../ui/states.tsx';
import styles from './lists.module.css';

const NOBODY: readonly Member[] = [];

export function ViewerList({ watch, group, me, may }: { watch: Watch; group: number; me: number; may: Allowed }) {
  const viewers = useWatch((s) => s.viewers);
  const members = usePeople((s) => s.groups[group]?.members ?? NOBODY);
  if (viewers.length === 0) return <EmptyState title="Nobody is known to watch" text="Whoever opens this screen is listed here." />;
  return (
    <ul className={styles.list} aria-label="Viewers">
      {viewers.map((viewer) => {
        const name = members.find(({ account }) => account.id === viewer.account)?.account.display_name ?? `Member ${viewer.account}`;
        const { words, tone } = stateOf(viewer);
        const leads = watch.host === viewer.account;
        return (
          <li key={viewer.account} className={styles.entry}>
            <Avatar id={viewer.account} name={name} size={32} />
            <span className={styles.words}>
              <span className={styles.name}><bdi>{name}</bdi>{viewer.account === me && <span className={styles.aside}> (you)</span>}{leads && <span className={styles.badge}><CrownIcon size={14} />leads</span>}</span>
              <span className={styles.about} data-tone={tone}><i className={styles.dot} aria-hidden="true" />{words}</span>
            </span>
            {may.handOver && watch.host !== null && !leads && (
              <IconButton label={`Let ${name} lead`} onClick={() => void ask({ do: 'hand_over', to: viewer.account })}><CrownIcon /></IconButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
