// The emojis under a message: one press puts one's own, another takes it back.
import { memo } from 'react';
import type { Reaction } from '../../model/log.ts';
import { reactionSentence } from '../../model/sentences.ts';
import { react } from '../../sync/chat.ts';
import styles from './reactions.module.css';

export const Reactions = memo(function Reactions({ group, seq, reactions }: { group: number; seq: number; reactions: readonly Reaction[] }) {
  return (
    <div className={styles.row} role="group" aria-label="Reactions">
      {reactions.map((reaction) => {
        const sentence = reactionSentence(reaction);
        return (
          <button
            key={reaction.emoji}
            type="button"
            className={styles.chip}
            aria-pressed={reaction.me}
            aria-label={sentence}
            title={sentence}
            onClick={() => void react(group, seq, reaction.emoji, !reaction.me)}
          >
            <span aria-hidden="true" className={styles.emoji}>{reaction.emoji}</span>
            <span aria-hidden="true" className={styles.count} key={reaction.me ? `me${reaction.count}` : 'others'}>{reaction.count}</span>
          </button>
        );
      })}
    </div>
  );
});
