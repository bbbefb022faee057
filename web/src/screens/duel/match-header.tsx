// Above a match: what is played, who watches, the clock, and the ways out.
import { useState } from 'react';
import { Link } from 'wouter';
import { deadlineOf } from '../../duel/clocks.ts';
import { isUnderWay, playerOf } from '../../duel/match.ts';
import { ask, say } from '../../duel/playing.ts';
import { MODES, termsInWords } from '../../duel/words.ts';
import { paths } from '../../routes.ts';
import type { Duel } from '../../shapes.ts';
import { useConnectionNotice } from '../../store/connection.ts';
import { IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { BackIcon, CheckIcon, CloseIcon, EyeIcon, FlagIcon, LinkIcon, MoreIcon } from '../../ui/icons.tsx';
import { copyText } from '../../ui/copy.ts';
import { Menu } from '../../ui/menu.tsx';
import { CheerButton } from './cheers.tsx';
import { MatchClock } from './match-clock.tsx';
import styles from './frame.module.css';

type Question = 'forfeit' | 'abort' | 'leave';

export function MatchHeader({ duel, me }: { duel: Duel; me: number | null }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const notice = useConnectionNotice();
  const player = playerOf(duel, me);
  const deadline = deadlineOf(duel);
  const plays = player !== null && player.presence !== 'forfeited';
  const runs = plays && isUnderWay(duel);
  return (
    <header className={styles.header} data-region>
      <Link href={paths.duels} className={styles.leave} aria-label="All duels"><BackIcon /></Link>
      <div className={styles.names}>
        <h1 className={styles.title}>{MODES[duel.mode].name}<span className={styles.word}> duel</span></h1>
        <p className={styles.about} role="status">{notice.level === 'word' ? <span className={styles.reconnecting}>Reconnecting…</span> : `${duel.round && isUnderWay(duel) ? `Round ${duel.round.number} · ` : ''}${termsInWords(duel)}`}</p>
      </div>
      {duel.spectators > 0 && <p className={styles.watchers} title={`${duel.spectators} watch`}><EyeIcon size={18} />{duel.spectators}<span className="hidden-visually"> {duel.spectators === 1 ? 'watches' : 'watch'}</span></p>}
      {deadline && <MatchClock key={`${deadline.what}.${deadline.at}`} deadline={deadline} />}
      <CheerButton />
      <Menu
        label="Duel"
        trigger={<IconButton label="More"><MoreIcon /></IconButton>}
        entries={[
          { label: 'Copy a link to watch', icon: <LinkIcon />, run: () => void copyText(location.origin + paths.duel(duel.id), 'Link copied') },
          plays && duel.phase !== 'over' && { label: player.records ? 'Keep my edits for a replay no more' : 'Keep my edits for a replay', icon: <CheckIcon />, run: () => void say('duel_record', !player.records) },
          runs && 'line',
          runs && (player.abort ? { label: 'Play on after all', icon: <CheckIcon />, run: () => void say('duel_abort', false) } : { label: 'Offer to end it for nothing', icon: <CloseIcon />, run: () => setQuestion('abort') }),
          runs && { label: 'Give up', icon: <FlagIcon />, danger: true, run: () => setQuestion('forfeit') },
          plays && duel.phase === 'open' && 'line',
          plays && duel.phase === 'open' && { label: duel.owner === me ? 'Call the duel off' : 'Give up my place', icon: <CloseIcon />, danger: true, run: () => setQuestion('leave') },
        ]}
      />
      {question === 'forfeit' && (
        <ConfirmDialog title="Give up?" about="You lose the duel, and the others go on without you." action="Give up" danger onClose={() => setQuestion(null)} onConfirm={() => ask('duel_forfeit')} />
      )}
      {question === 'abort' && (
        <ConfirmDialog title="End it for nothing?" about="The others are asked. When all agree the duel ends and counts for nobody." action="Offer it" onClose={() => setQuestion(null)} onConfirm={() => say('duel_abort', true)} />
      )}
      {question === 'leave' && (
        <ConfirmDialog
          title={duel.owner === me ? 'Call it off?' : 'Give up your place?'} about={duel.owner === me ? 'The challenge goes away for everybody.' : 'Somebody else can take it.'} action={duel.owner === me ? 'Call it off' : 'Give it up'}
          danger onClose={() => setQuestion(null)} onConfirm={() => ask('duel_leave')}
        />
      )}
    </header>
  );
}
