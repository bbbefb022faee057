// Where a player writes: the editor, its language, and what is done with the program.
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { codeIn, lengthOf } from '../../duel/own-code.ts';
import { mayWrite, playerOf } from '../../duel/match.ts';
import { chooseLanguage, handIn, say, startOver, write } from '../../duel/playing.ts';
import { useDuel } from '../../duel/store.ts';
import { LANGUAGES } from '../../duel/words.ts';
import type { Duel, DuelProblem, Language } from '../../shapes.ts';
import { useSession } from '../../store/session.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CheckIcon, PlayIcon, ResetIcon, SendIcon } from '../../ui/icons.tsx';
import { mainKey } from '../../ui/keys.ts';
import { Problem } from '../../ui/problem.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { LastVerdict } from './output.tsx';
import styles from './work-bench.module.css';

const CodeEditor = lazy(() => import('./code-editor.tsx'));
const ORDER: readonly Language[] = ['python', 'javascript'];
/** `DuelRun::call`. */
const LONGEST_CALL = 4_000;

interface Props {
  readonly duel: Duel;
  readonly problem: DuelProblem;
  /** The output is not beside it: then the newest verdict is said here, too. */
  readonly alone: boolean;
  readonly onTaken: () => void;
}

export function WorkBench({ duel, problem, alone, onTaken }: Props) {
  const me = useSession((s) => s.account?.id ?? null);
  const own = useDuel((s) => s.own);
  const ownFrom = useDuel((s) => s.ownFrom);
  const handing = useDuel((s) => s.handing);
  const refusal = useDuel((s) => s.refusal);
  const last = useDuel((s) => s.match?.jobs.at(-1));
  const judge = useDuel((s) => s.judge);
  const [call, setCall] = useState('');
  const [asking, setAsking] = useState(false);
  const open = mayWrite(duel, me);
  const hand = (kind: 'run' | 'submit') => {
    if (!open) return;
    void handIn(kind, call).then((taken) => taken && onTaken());
  };
  useHandInKeys(hand);
  if (!own) return <Skeleton label="Loading your code" />;

  const code = codeIn(own, own.language, problem.starters);
  const missing = judge?.languages.find(({ language }) => language === own.language)?.missing ?? null;
  return (
    <section className={styles.bench} aria-label="Your program" data-region>
      <div className={styles.tools}>
        <label className={styles.language}>
          <span className="hidden-visually">Language</span>
          <select value={own.language} disabled={duel.language !== null || !open} onChange={(event) => chooseLanguage(event.target.value as Language)}>
            {ORDER.map((language) => <option key={language} value={language}>{LANGUAGES[language]}</option>)}
          </select>
        </label>
        <span className={styles.length} title="Characters of your program">{lengthOf(code)} characters</span>
        <IconButton label="Start over" disabled={!open || code === problem.starters[own.language]} onClick={() => setAsking(true)}><ResetIcon /></IconButton>
      </div>
      {missing && <p className={styles.missing}>{LANGUAGES[own.language]} cannot be judged here: {missing}</p>}
      <div className={styles.editor}>
        <Suspense fallback={<Skeleton label="Loading the editor" />}>
          <CodeEditor
            key={`${duel.round?.number}.${own.language}.${ownFrom}`} code={code} language={own.language} readOnly={!open}
            label={`Your program in ${LANGUAGES[own.language]}. Escape, then Tab leaves the editor.`}
            onChange={write} onRun={() => hand('run')} onSubmit={() => hand('submit')}
          />
        </Suspense>
      </div>
      <div className={styles.below}>
        <input
          className={styles.call} aria-label="A call of your own, to try (optional)" placeholder={`Own call: ${problem.examples[0]?.call ?? `${problem.signature.name}(…)`}`} value={call} maxLength={LONGEST_CALL} spellCheck={false} autoComplete="off" autoCapitalize="off"
          onChange={(event) => setCall(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && !mainKey(event) && !event.nativeEvent.isComposing && hand('run')}
        />
        <Button busy={handing === 'run'} disabled={!open || handing !== null} aria-keyshortcuts="Control+Enter" data-tip="Run on the examples" data-tip-keys="Control+Enter" onClick={() => hand('run')}><PlayIcon size={16} />Run</Button>
        <Button tone="primary" busy={handing === 'submit'} disabled={!open || handing !== null} aria-keyshortcuts="Control+Shift+Enter" data-tip="Let it be judged" data-tip-keys="Control+Shift+Enter" onClick={() => hand('submit')}><SendIcon size={16} />Submit</Button>
      </div>
      <Problem text={refusal ?? undefined} />
      {alone && last && <div className={styles.last}><LastVerdict job={last} /></div>}
      {duel.mode === 'shortest' && <Content duel={duel} me={me} />}
      {asking && (
        <ConfirmDialog
          title="Start over?" about={`What you wrote in ${LANGUAGES[own.language]} is replaced by the empty function.`} action="Start over" danger onClose={() => setAsking(false)}
          onConfirm={async () => startOver()}
        />
      )}
    </section>
  );
}

/** Wherever the focus is; the editor, which has more keys, takes its own. */
function useHandInKeys(hand: (kind: 'run' | 'submit') => void): void {
  const act = useEffectEvent(hand);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !mainKey(event) || event.altKey || event.defaultPrevented || event.isComposing || event.repeat) return;
      if (document.querySelector('[role="dialog"], [role="menu"]')) return;
      event.preventDefault();
      act(event.shiftKey ? 'submit' : 'run');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** In a round of the shortest program one can be content with what one has. */
function Content({ duel, me }: { duel: Duel; me: number | null }) {
  const player = playerOf(duel, me);
  if (!player || duel.phase !== 'running') return null;
  const others = duel.players.filter(({ account, ready }) => account.id !== me && ready).length;
  return (
    <div className={styles.content}>
      <Button aria-pressed={player.ready} onClick={() => void say('duel_ready', !player.ready)}>{player.ready ? <><CheckIcon size={16} />You are content</> : 'I am content with my shortest'}</Button>
      <span className={styles.length}>{others > 0 ? `${others} of the others ${others === 1 ? 'is' : 'are'} content, too. ` : ''}When all are, the round ends.</span>
    </div>
  );
}
