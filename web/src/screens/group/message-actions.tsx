// The strip of actions at a message under the pointer or the focus. Mounted for that one message only.
import type { LogMessage } from '../../model/log.ts';
import { mayDelete, mayEdit, maySeeEdits } from '../../model/permission.ts';
import { paths } from '../../routes.ts';
import type { Role } from '../../shapes.ts';
import { roleOf } from '../../store/people.ts';
import { deleteMessage, react } from '../../sync/chat.ts';
import { IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy.ts';
import { ClockIcon, CopyIcon, EditIcon, LinkIcon, MoreIcon, ReplyIcon, SmileIcon, TrashIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { beginEdit, beginReply, focusComposer } from './composing.ts';
import { EmojiButton } from './emoji-button.tsx';
import styles from './message-actions.module.css';

interface Props {
  readonly group: number;
  readonly message: LogMessage;
  readonly mine: boolean;
  readonly role: Role;
  readonly showEdits: (seq: number) => void;
  /** While something is open, the strip stays although the pointer leaves. */
  readonly onHold: (held: boolean) => void;
}

export function MessageActions({ group, message, mine, role, showEdits, onHold }: Props) {
  const reply = () => beginReply(group, message.seq);
  const deletable = mayDelete(mine, role, roleOf(group, message.by.id));
  const remove = () => {
    deleteMessage(group, message.seq);
    focusComposer();
  };
  const edit = () => beginEdit(group, message.seq, message.text);
  return (
    <div className={styles.strip} role="toolbar" aria-label="Message actions">
      <EmojiButton
        onOpenChange={onHold}
        onPick={(emoji) => void react(group, message.seq, emoji, !message.reactions.some((r) => r.emoji === emoji && r.me))}
        trigger={<IconButton label="React" keys="+" tooltip={false} data-action="react"><SmileIcon /></IconButton>}
      />
      <IconButton label="Reply" keys="R" tooltip={false} onClick={reply}><ReplyIcon /></IconButton>
      {mayEdit(mine) && <IconButton label="Edit" keys="E" tooltip={false} onClick={edit}><EditIcon /></IconButton>}
      <Menu
        label="More actions"
        onOpenChange={onHold}
        trigger={<IconButton label="More actions" tooltip={false}><MoreIcon /></IconButton>}
        entries={[
          { label: 'Copy text', icon: <CopyIcon />, run: () => void copyText(message.text, 'Text copied') },
          { label: 'Copy link', icon: <LinkIcon />, run: () => void copyText(location.origin + paths.message(group, message.seq), 'Link copied') },
          message.editedAt !== null && maySeeEdits(mine, role) && { label: 'Earlier versions', icon: <ClockIcon />, run: () => showEdits(message.seq) },
          deletable && 'line',
          deletable && { label: 'Delete', icon: <TrashIcon />, keys: 'Del', danger: true, run: remove },
        ]}
      />
    </div>
  );
}
