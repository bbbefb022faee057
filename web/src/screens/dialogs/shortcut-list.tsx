// The list of shortcuts, shown in a dialog and in the settings.
import { Kbd } from '../../ui/kbd.tsx';
import styles from './shortcut-list.module.css';

const SHORTCUTS: readonly { readonly name: string; readonly keys: readonly (readonly [readonly string[], string])[] }[] = [
  {
    name: 'Everywhere',
    keys: [
      [['Control+K'], 'Find a group, a person or a command'],
      [['Alt+ArrowUp', 'Alt+ArrowDown'], 'Previous or next group'],
      [['Alt+Shift+ArrowUp', 'Alt+Shift+ArrowDown'], 'Previous or next unread group'],
      [['N'], 'Next unread group'],
      [['Control+F6', 'Control+Shift+F6'], 'Next or previous part of the screen'],
      [['Control+,'], 'Settings'],
      [['?', 'Control+/'], 'This list'],
    ],
  },
  {
    name: 'Writing',
    keys: [
      [['Enter'], 'Send (the settings can swap it with a new line)'],
      [['Shift+Enter'], 'New line'],
      [['ArrowUp'], 'Edit your last message, while the box is empty'],
      [['@'], 'Mention somebody'],
      [['Control+Shift+U'], 'Attach files'],
      [['Control+B', 'Control+I', 'Control+E', 'Control+Shift+X'], 'Bold, italic, code, strike'],
      [['Esc'], 'Cancel the edit or the answer; then: mark as read and go to the end'],
    ],
  },
  {
    name: 'Reading',
    keys: [
      [['Control+F'], 'Search in the group'],
      [['Shift+PageUp'], 'Go to the first unread message'],
      [['Control+Home', 'Control+End'], 'First or last message'],
      [['ArrowUp', 'ArrowDown', 'K', 'J'], 'Move between messages'],
      [['R'], 'Reply to the message'],
      [['E'], 'Edit it'],
      [['+'], 'React to it'],
      [['Delete'], 'Delete it'],
    ],
  },
  {
    name: 'In the lobby',
    keys: [
      [['Enter'], 'Find someone; say that you are there'],
      [['Esc'], 'Stop waiting'],
      [['Esc Esc'], 'Go on to somebody else'],
    ],
  },
  {
    name: 'At the player',
    keys: [
      [['Space', 'K'], 'Play or pause, for all'],
      [['J', 'L'], 'Ten seconds back or on'],
      [['ArrowLeft', 'ArrowRight'], 'Five seconds back or on'],
      [['ArrowUp', 'ArrowDown', 'M'], 'Your own volume'],
      [['F'], 'The whole screen'],
      [['C'], 'Captions'],
      [['Alt+ArrowUp', 'Alt+ArrowDown'], 'Move what is marked in the queue'],
    ],
  },
  {
    name: 'In a duel',
    keys: [
      [['Control+Enter'], 'Run the program on the examples'],
      [['Control+Shift+Enter'], 'Submit it'],
      [['Control+Space'], 'Complete a word'],
      [['Esc Tab'], 'Leave the editor'],
    ],
  },
];

export function ShortcutList() {
  return (
    <div className={styles.groups}>
      {SHORTCUTS.map((group) => (
        <section key={group.name}>
          <h3 className={styles.heading}>{group.name}</h3>
          <dl>
            {group.keys.map(([keys, what]) => (
              <div key={what} className={styles.line}>
                <dt className={styles.keys}>{keys.map((key) => <Kbd key={key} keys={key} />)}</dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
