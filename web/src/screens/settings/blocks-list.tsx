// Those whom one never meets in a lobby again, and the way back.
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { fullTime } from '../../model/time.ts';
import type { Block } from '../../shapes.ts';
import { toast } from '../../store/toasts.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import styles from './settings.module.css';

export function BlocksList() {
  const [blocks, setBlocks] = useState<readonly Block[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const load = (cursor: string | null) => {
    setProblem(null);
    api.blocks(cursor).then(
      (page) => {
        setBlocks((before) => (cursor ? [...(before ?? []), ...page.blocks] : page.blocks));
        setNext(page.next);
      },
      (error: unknown) => setProblem(inWords(error)),
    );
  };
  useEffect(() => load(null), []);

  const takeBack = ({ account }: Block) => {
    api.unblock(account.id).then(
      () => {
        setBlocks((before) => before?.filter((other) => other.account.id !== account.id) ?? null);
        toast(`You can meet ${account.display_name} again.`);
      },
      (error: unknown) => toast(`The block was not taken back. ${inWords(error)}`, { tone: 'error' }),
    );
  };

  if (problem) return <ErrorState title="The list did not load" text={problem} onRetry={() => load(null)} />;
  if (!blocks) return <Skeleton rows={1} label="Loading" />;
  return (
    <>
      <p className={styles.hint}>{blocks.length === 0 ? 'Nobody. In a room of a lobby you can block whom you have met.' : 'You are never put together with them in a lobby.'}</p>
      {blocks.length > 0 && (
        <ul className={styles.sessions}>
          {blocks.map((block) => (
            <li key={block.account.id} className={styles.session}>
              <Avatar id={block.account.id} name={block.account.display_name} size={32} />
              <span className={styles.sessionText}>
                <bdi className={styles.sessionName}>{block.account.display_name}</bdi>
                <span className={styles.hint}>since {fullTime(Date.parse(block.at))}</span>
              </span>
              <Button onClick={() => takeBack(block)} aria-label={`Take back the block of ${block.account.display_name}`}>Take back</Button>
            </li>
          ))}
        </ul>
      )}
      {next && <div className={styles.row}><Button onClick={() => load(next)}>More</Button></div>}
    </>
  );
}
