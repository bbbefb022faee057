// The conductor of one match: joins the socket, the clock and the reader's own code to the rules beside it, and offers what
// the screen may do. Loaded by those who go there.
import { api } from '../api.ts';
import { asFailure, inWords } from '../failure.ts';
import type { DuelOpened, DuelReacted, DuelTold, Language } from '../shapes.ts';
import { announce, announceMessage } from '../store/announcer.ts';
import { forgetFound, useDuels } from '../store/duels.ts';
import { useSession } from '../store/session.ts';
import { toast } from '../store/toasts.ts';
import { connection, hearDuels } from '../sync/chat.ts';
import { DuelClock } from './clocks.ts';
import { CodeKeeper } from './code-keeper.ts';
import { accepted } from './jobs.ts';
import { isUnderWay, mayWrite, opened as openedMatch, playerOf, winnerIn, withDuel, withFlag, withLine, withProgress, withVerdict, type Match } from './match.ts';
import { codeIn, firstCode, forgetOldCode, likedLanguage, likeLanguage, loadCode, saveCode, type Place } from './own-code.ts';
import { NO_DUEL, useDuel } from './store.ts';
import { ending, jobSpoken, roundEnding, spokenOfOthers } from './words.ts';

const OPEN_AGAIN_MS = 2_000;
const CHEER_LASTS_MS = 5_000;
const MOST_CHEERS = 30;
const MOST_EARLY = 1_000;
const ERROR_LASTS_MS = 6_000;

/** One visit to a match. Whoever plays keeps their place while they look at another screen: the visit goes on aside. */
interface Visit {
  readonly duel: number;
  onScreen: boolean;
  /** Closes it on the server, too. */
  end(): void;
  readonly clock: DuelClock;
  /** Which call of `duel_open` is the last one. */
  opening: number;
  /** What came while it was on its way. */
  early: DuelTold[] | null;
  /** Keeps the code of the round that is played; null while none is. */
  keeper: { readonly place: Place; readonly keeper: CodeKeeper } | null;
}

let visit: Visit | null = null;
let cheers = 0;

// ── coming and going ────────────────────────────────────────────────────────────────────────────────────────────────

/** Shows a match, as a player or as a spectator, until what it gives back is called. */
export function visitDuel(duel: number): () => void {
  if (visit?.duel !== duel) {
    visit?.end();
    visit = begin(duel);
  }
  const mine = visit;
  mine.onScreen = true;
  useDuels.setState({ aside: null });
  return () => {
    mine.onScreen = false;
    if (keepsPlace()) useDuels.setState({ aside: duel });
    else mine.end();
  };
}

function begin(duel: number): Visit {
  const mine: Visit = { duel, onScreen: true, end: () => {}, clock: new DuelClock(), opening: 0, early: null, keeper: null };
  useDuel.setState(NO_DUEL);
  forgetOldCode(localStorage, me() ?? 0);
  const unhear = hearDuels({ told: (told) => hear(mine, told), opened: () => void open(mine), lost: () => (mine.opening += 1) });
  const flush = () => mine.keeper?.keeper.flush();
  window.addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', flush);
  void api.duelStatus().then((judge) => visit === mine && useDuel.setState({ judge }), () => {});
  const unwatch = useSession.subscribe(({ status }) => status === 'signed_out' && mine.end());
  if (isConnected()) void open(mine);
  mine.end = () => {
    unhear();
    unwatch();
    window.removeEventListener('pagehide', flush);
    document.removeEventListener('visibilitychange', flush);
    stopKeeping(mine);
    mine.opening++;
    mine.end = () => {};
    // Whoever watches another duel meanwhile is not away from their own.
    if (isConnected() && !keepsPlace()) connection().call('duel_close', { duel }).catch(() => {});
    if (visit !== mine) return;
    visit = null;
    useDuel.setState(NO_DUEL);
    useDuels.setState({ aside: null });
  };
  return mine;
}

/** A failure that is not for good is tried again; a lost connection comes back by itself. */
export async function open(mine = visit): Promise<void> {
  if (!mine) return;
  const opening = ++mine.opening;
  mine.early = [];
  try {
    const answer = await connection().call('duel_open', { duel: mine.duel });
    if (mine.opening === opening) take(mine, answer);
  } catch (error) {
    if (mine.opening !== opening) return;
    mine.early = null;
    const { code } = asFailure(error);
    if (code === 'not_found' || code === 'forbidden') return openOld(mine, opening);
    if (!isConnected()) return;
    if (useDuel.getState().match === null) useDuel.setState({ status: 'failed' });
    setTimeout(() => mine.opening === opening && void open(mine), OPEN_AGAIN_MS);
  }
}

/** What is over for long is not told live any more, but it can still be looked at. */
async function openOld(mine: Visit, opening: number): Promise<void> {
  try {
    const review = await api.duelReview(mine.duel);
    if (mine.opening === opening) useDuel.setState({ status: 'open', review, match: { duel: review.duel, lines: [], jobs: [] }, own: null });
  } catch (error) {
    if (mine.opening === opening) useDuel.setState({ status: asFailure(error).code === 'not_found' ? 'gone' : 'failed' });
  }
}

function take(mine: Visit, answer: DuelOpened): void {
  const early = mine.early ?? [];
  mine.early = null;
  mine.clock.note(answer.duel.now, performance.now());
  if (mine.onScreen) forgetFound(mine.duel);
  const before = useDuel.getState().match;
  const match = openedMatch(before, answer);
  useDuel.setState({ status: 'open' });
  put(mine, match, before);
  // A second answer within one round must not take away what was written meanwhile: the keeper has it.
  if (answer.mine && !mine.keeper) keepRound(mine, match, answer.mine);
  else mine.keeper?.keeper.connected();
  early.forEach((told) => hear(mine, told));
}

// ── what happens ────────────────────────────────────────────────────────────────────────────────────────────────────

function hear(mine: Visit, told: DuelTold): void {
  if ((told.type === 'duel' ? told.body.id : told.body.duel) !== mine.duel) return;
  if (mine.early) {
    if (mine.early.length < MOST_EARLY) mine.early.push(told);
    return;
  }
  const { match } = useDuel.getState();
  if (!match) return;
  switch (told.type) {
    case 'duel':
      mine.clock.note(told.body.now, performance.now());
      return put(mine, withDuel(match, told.body), match);
    case 'duel_progress':
      return put(mine, withProgress(match, told.body), match);
    case 'duel_said':
      if (told.body.by.id !== me()) announceMessage(told.body.by.name, told.body.text);
      return put(mine, withLine(match, told.body), match);
    case 'duel_verdict': {
      const next = withVerdict(match, told.body);
      put(mine, next, match);
      const job = next.jobs.find((other) => other.job === told.body.job);
      if (told.body.type === 'done' && job && next !== match) announce(jobSpoken(job));
      return;
    }
    case 'duel_reacted':
      return react(told.body);
    case 'duel_found':
      // Whoever has it on the screen need not be led there.
      if (mine.onScreen) forgetFound(mine.duel);
      return;
    // The last document says the same.
    case 'duel_over':
      return;
  }
}

function put(mine: Visit, match: Match, before: Match | null): void {
  if (match === before) return;
  useDuel.setState({ match });
  const { duel } = match;
  const newRound = duel.round?.number !== before?.duel.round?.number;
  const ended = duel.phase !== before?.duel.phase && (duel.phase === 'pause' || duel.phase === 'over');
  if (newRound) {
    stopKeeping(mine);
    useDuel.setState({ own: null, refusal: null });
  }
  if (before && !mine.keeper && mayWrite(duel, me())) keepRound(mine, match, null);
  // Whoever looks elsewhere is told of the end by a toast, and not of every step.
  if (before && mine.onScreen) speak(before, match);
  if (ended || (!before && duel.results.length > 0)) void loadReview(mine);
  if (duel.phase !== 'over') return;
  stopKeeping(mine);
  if (mine.onScreen) return;
  const { outcome } = duel;
  if (outcome) useDuels.setState({ ended: { duel: duel.id, how: `${ending(outcome.reason, winnerIn(duel, outcome.winner))}.` } });
  mine.end();
}

/** What everybody would look up for. */
function speak({ duel: before }: Match, { duel }: Match): void {
  if (duel.phase === 'over' && before.phase !== 'over' && duel.outcome) return announce(`${ending(duel.outcome.reason, winnerIn(duel, duel.outcome.winner))}.`);
  const result = duel.results.at(-1);
  if (result && duel.results.length > before.results.length) return announce(roundEnding(result.reason, winnerIn(duel, result.winner), duel.mode));
  if (duel.phase === before.phase) {
    const others = spokenOfOthers(before, duel, me());
    if (others) announce(others);
    return;
  }
  if (duel.phase === 'running') announce(`Round ${duel.round?.number} has begun: ${duel.round?.problem?.title ?? ''}.`);
  else if (duel.phase === 'judging') announce('Time is up. What was received is being judged.');
  else if (duel.phase === 'countdown') announce(`Round ${duel.round?.number} begins in a moment.`);
}

function react({ emoji, by }: DuelReacted): void {
  const cheer = { id: ++cheers, emoji, by: by.name };
  useDuel.setState((state) => ({ cheers: [...state.cheers, cheer].slice(-MOST_CHEERS) }));
  setTimeout(() => useDuel.setState((state) => ({ cheers: state.cheers.filter((other) => other !== cheer) })), CHEER_LASTS_MS);
}

/** The programs of the rounds that are over. */
export async function loadReview(mine = visit): Promise<void> {
  if (!mine) return;
  try {
    const review = await api.duelReview(mine.duel);
    if (visit === mine) useDuel.setState({ review });
  } catch {
    // The result is shown without them; the screen offers to try again.
  }
}

// ── the reader's own code ───────────────────────────────────────────────────────────────────────────────────────────

function keepRound(mine: Visit, { duel }: Match, kept: DuelOpened['mine']): void {
  const account = me();
  const isWritten = duel.phase === 'countdown' || duel.phase === 'running' || duel.phase === 'judging';
  if (account === null || !duel.round || !playerOf(duel, account) || !isWritten) return;
  const place = { account, duel: duel.id, round: duel.round.number };
  const own = firstCode(loadCode(localStorage, place), kept, duel.language, likedLanguage(localStorage));
  useDuel.setState(({ ownFrom }) => ({ own, ownFrom: ownFrom + 1 }));
  const keeper = new CodeKeeper({
    now: () => performance.now(),
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    save: (isKept) => {
      const now = useDuel.getState().own;
      if (now) saveCode(localStorage, place, { ...now, kept: isKept });
    },
    send: async () => {
      const { own: now, match } = useDuel.getState();
      const problem = match?.duel.round?.problem;
      if (!now || !problem || !mayWrite(match.duel, account)) throw new Error('no round runs');
      await connection().call('duel_code', { duel: duel.id, code: codeIn(now, now.language, problem.starters), language: now.language });
    },
  });
  mine.keeper = { place, keeper };
  if (!own.kept && Object.keys(own.codes).length > 0) keeper.changed();
}

function stopKeeping(mine: Visit): void {
  mine.keeper?.keeper.stop();
  mine.keeper = null;
}

/** Something was typed. */
export function write(code: string): void {
  useDuel.setState(({ own }) => (own ? { own: { ...own, codes: { ...own.codes, [own.language]: code } } } : {}));
  visit?.keeper?.keeper.changed();
}

/** Each language has a code of its own. */
export function chooseLanguage(language: Language): void {
  likeLanguage(localStorage, language);
  useDuel.setState(({ own, ownFrom }) => (own ? { own: { ...own, language }, ownFrom: ownFrom + 1 } : {}));
  visit?.keeper?.keeper.changed();
}

/** Back to the empty function; what stood there can still be undone by whoever copied it. */
export function startOver(): void {
  const { own, match } = useDuel.getState();
  const problem = match?.duel.round?.problem;
  if (!own || !problem) return;
  useDuel.setState(({ ownFrom }) => ({ own: { ...own, codes: { ...own.codes, [own.language]: problem.starters[own.language] } }, ownFrom: ownFrom + 1 }));
  visit?.keeper?.keeper.changed();
}

/** Hands the program in: to be tried on the examples and a call of one's own, or to be judged. Answers whether it was taken. */
export async function handIn(kind: 'run' | 'submit', call: string): Promise<boolean> {
  const { own, match, handing } = useDuel.getState();
  const problem = match?.duel.round?.problem;
  if (!visit || !own || !problem || handing || !mayWrite(match.duel, me())) return false;
  visit.keeper?.keeper.flush();
  useDuel.setState({ handing: kind, refusal: null });
  const program = { duel: visit.duel, code: codeIn(own, own.language, problem.starters), language: own.language };
  const ownCall = kind === 'run' && call.trim() !== '' ? call.trim() : null;
  try {
    const { job, position } = kind === 'run'
      ? await connection().call('duel_run', { ...program, ...(ownCall ? { call: ownCall } : {}) })
      : await connection().call('duel_submit', program);
    useDuel.setState(({ match: now }) => (now ? { match: { ...now, jobs: accepted(now.jobs, job, kind, ownCall, position) } } : {}));
    return true;
  } catch (error) {
    const refusal = `${kind === 'run' ? 'It was not run.' : 'It was not submitted.'} ${inWords(error)}`;
    useDuel.setState({ refusal });
    return false;
  } finally {
    useDuel.setState({ handing: null });
  }
}

// ── what else one does ──────────────────────────────────────────────────────────────────────────────────────────────

/** The server's time, for clocks; null before it is known. */
export function duelNow(): number | null {
  return visit?.clock.now(performance.now()) ?? null;
}

const FLAGS = { duel_ready: 'ready', duel_record: 'records', duel_rematch: 'rematch', duel_abort: 'abort' } as const;
type Flag = keyof typeof FLAGS;
type Plain = 'duel_join' | 'duel_start' | 'duel_leave' | 'duel_forfeit';

/** It shows at once; what comes of it is told to all in the next document. */
export async function say(name: Flag, on: boolean): Promise<void> {
  if (!visit) return;
  const flag = FLAGS[name];
  const show = (value: boolean) => useDuel.setState(({ match }) => (match ? { match: withFlag(match, me(), flag, value) } : {}));
  show(on);
  if (!(await wasDone(connection().call(name, { duel: visit.duel, on })))) show(!on);
}

export async function ask(name: Plain): Promise<void> {
  const mine = visit;
  if (!mine) return;
  // Who joins is answered with everything, as who opens.
  if (name === 'duel_join') await wasDone(connection().call(name, { duel: mine.duel }).then((answer) => visit === mine && take(mine, answer)));
  else await wasDone(connection().call(name, { duel: mine.duel }));
}

export function cheer(emoji: string): void {
  if (visit) void wasDone(connection().call('duel_react', { duel: visit.duel, emoji }));
}

/** Answers whether it was passed on. */
export async function sayLine(text: string): Promise<boolean> {
  return visit ? wasDone(connection().call('duel_say', { duel: visit.duel, text })) : false;
}

async function wasDone(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    toast(inWords(error), { tone: 'error', lastsMs: ERROR_LASTS_MS });
    return false;
  }
}

/** Whether the reader plays, or waits for it to begin: then another screen must not cost them their place. */
function keepsPlace(): boolean {
  const { match } = useDuel.getState();
  const player = match && playerOf(match.duel, me());
  return player !== null && player.presence !== 'forfeited' && match!.duel.phase !== 'over';
}

/** Whether closing the page now would cost the reader something. */
export function leavingCosts(): boolean {
  const { match } = useDuel.getState();
  const player = match && playerOf(match.duel, me());
  return player !== null && player.presence !== 'forfeited' && isUnderWay(match!.duel);
}

/** After signing out there is no connection at all. */
function isConnected(): boolean {
  try {
    return connection().isOpen;
  } catch {
    return false;
  }
}

function me(): number | null {
  return useSession.getState().account?.id ?? null;
}
