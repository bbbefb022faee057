// A round that runs: the problem beside the editor with its output, or, where there is less room, behind tabs. Spectators
// see how far everybody is, and no code.
import { useState, type ReactNode } from 'react';
import { playerOf, type Match } from '../../duel/match.ts';
import type { DuelPlayer } from '../../shapes.ts';
import { Skeleton } from '../../ui/states.tsx';
import { useMedia, WITH_PANEL } from '../../ui/use-media.ts';
import { Tabs, type Tab } from '../watch/tabs.tsx';
import { MatchTalk } from './match-talk.tsx';
import { Output } from './output.tsx';
import { PlayersStrip } from './players-strip.tsx';
import { ProblemView } from './problem-view.tsx';
import { WorkBench } from './work-bench.tsx';
import styles from './arena.module.css';

type Part = 'problem' | 'code' | 'output' | 'people';

export function Arena({ match: { duel, lines, jobs }, me }: { match: Match; me: number | null }) {
  const wide = useMedia(WITH_PANEL);
  const [shown, setShown] = useState<Part | null>(null);
  const problem = duel.round?.problem;
  const player = playerOf(duel, me);
  if (!problem) return <Skeleton label="Loading the problem" />;

  const statement = <ProblemView problem={problem} mode={duel.mode} />;
  const talk = <MatchTalk lines={lines} plays={player !== null} />;
  const output = <Output jobs={jobs} problem={problem} />;
  const bench = player && player.presence !== 'forfeited' ? <WorkBench duel={duel} problem={problem} alone={!wide} onTaken={() => !wide && setShown('output')} /> : null;
  const board = <div className={styles.board}><PlayersStrip duel={duel} me={me} large /><p className={styles.watching}><Watching player={player} /></p></div>;

  if (wide) {
    const side: readonly Tab[] = [{ id: 'problem', name: 'Problem', content: statement }, { id: 'people', name: 'Talk', count: lines.length, fills: true, content: talk }];
    return (
      <div className={styles.arena}>
        <div className={styles.side}><Tabs label="Beside the editor" preferred="problem" tabs={side} /></div>
        <div className={styles.main}>
          {bench ?? board}
          {bench && <section className={styles.output} aria-label="Output" tabIndex={0} data-region>{output}</section>}
        </div>
      </div>
    );
  }
  const tabs: readonly (Tab & { readonly id: Part })[] = [
    { id: 'problem', name: 'Problem', content: statement },
    ...(bench ? [{ id: 'code', name: 'Code', fills: true, content: bench } as const, { id: 'output', name: 'Output', content: output } as const] : []),
    { id: 'people', name: 'People', count: lines.length, fills: true, content: talk },
  ];
  return <Tabs label="Round" preferred="problem" tabs={tabs} shown={shown} onShow={(id) => setShown(id as Part)} />;
}

export function Watching({ player }: { player: DuelPlayer | null }): ReactNode {
  return `${player ? 'You have given up.' : 'You watch.'} Programs are shown when the round is over.`;
}
