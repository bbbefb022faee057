// The conductor of watching together: joins the group's log, the server's clock and the player on the screen to the rules
// of `sync/`, and offers what the screen may do. Loaded by those who go there.
import { inWords } from '../failure.ts';
import { newClientId } from '../model/outbox.ts';
import type { Event, NewMedia, PlayerActivity, PlayerCommand, Signal, Viewers, Watch, WatchItem } from '../shapes.ts';
import { connection, hearWatch } from '../sync/chat.ts';
import { toast } from '../store/toasts.ts';
import { applyEvent } from './apply.ts';
import { before, courseOf, withState, type Course } from './course.ts';
import { allowHost, useOwnSettings } from './own-settings.ts';
import { kindOf, strangerOf, titleOf } from './players/source.ts';
import type { ShownPlayer } from './players/shown-player.ts';
import { NO_PLAYER, NOTHING, useWatch, type Own } from './store.ts';
import { Asking } from './sync/asking.ts';
import { ServerClock } from './sync/clock.ts';
import { Controller } from './sync/controller.ts';
import type { Steering } from './sync/player.ts';
import { positionAt } from './sync/state.ts';
import { at, tick } from './ticking.ts';

const REPORT_EVERY_MS = 2_000;
/** A change is told at once, but not more often than this. */
const REPORT_AGAIN_MS = 300;
const SHOW_EVERY_TICKS = 5;
const OPEN_AGAIN_MS = 2_000;
const CHEER_LASTS_MS = 5_000;
const MOST_CHEERS = 30;
const MOST_EARLY = 5_000;
const PENDING_LASTS_MS = 3_000;

type Ask = PlayerCommand extends infer C ? (C extends { do: string } ? Omit<C, 'group' | 'client_id' | 'seen'> : never) : never;

interface Attached {
  readonly player: ShownPlayer;
  readonly controller: Controller;
  readonly steering: Steering;
  readonly unlisten: () => void;
  item: number;
}

/** One visit to a group's watch screen. */
interface Visit {
  readonly group: number;
  readonly clock: ServerClock;
  readonly asking: Asking;
  /** Which call of `watch_open` is the last one. */
  opening: number;
  /** What came while it was on its way. */
  early: Event[] | null;
  attached: Attached | null;
  ticks: number;
  reported: { at: number; state: PlayerActivity | null; rev: number };
  pendingUntil: number;
}

let visit: Visit | null = null;
let cheers = 0;

// ── coming and going ────────────────────────────────────────────────────────────────────────────────────────────────

/** Watches along with a group until what it gives back is called. */
export function visitGroup(group: number): () => void {
  const clock = new ServerClock();
  const asking = new Asking(clock, {
    now: () => performance.now(),
    ask: (answer) => {
      connection().call('time', {}).then(({ received_ms, answered_ms }) => answer({ received: received_ms, answered: answered_ms }), () => {});
    },
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  const mine: Visit = { group, clock, asking, opening: 0, early: null, attached: null, ticks: 0, reported: { at: -Infinity, state: null, rev: -1 }, pendingUntil: 0 };
  visit = mine;
  useWatch.setState(NOTHING);
  const stopTicking = tick(() => onTick(mine));
  const onVisible = () => {
    // Timers stood still, maybe the whole machine did.
    if (document.visibilityState === 'visible' && connection().isOpen) asking.begin();
    report(mine);
  };
  document.addEventListener('visibilitychange', onVisible);
  hearWatch({ event: (event) => hear(mine, event), opened: () => opened(mine), lost: () => asking.stop(), viewers: (told) => onViewers(mine, told), cheer: (signal) => onCheer(mine, signal) });
  if (connection().isOpen) opened(mine);
  return () => {
    hearWatch(null);
    document.removeEventListener('visibilitychange', onVisible);
    stopTicking();
    asking.stop();
    mine.opening++;
    detach(mine);
    if (visit === mine) visit = null;
    if (connection().isOpen) connection().call('watch_close', { group }).catch(() => {});
    useWatch.setState(NOTHING);
  };
}

function opened(mine: Visit): void {
  mine.asking.begin();
  void open(mine);
}

/** A failure that is not for good is tried again; a lost connection comes back by itself. */
export async function open(mine = visit): Promise<void> {
  if (!mine) return;
  const opening = ++mine.opening;
  mine.early = [];
  try {
    const answer = await connection().call('watch_open', { group: mine.group });
    if (mine.opening !== opening) return;
    const { early } = mine;
    mine.early = null;
    setWatch(mine, early.reduce(applyEvent, answer));
    useWatch.setState({ status: 'open' });
    report(mine);
  } catch {
    if (mine.opening !== opening || !connection().isOpen) return;
    if (useWatch.getState().watch === null) useWatch.setState({ status: 'failed' });
    setTimeout(() => mine.opening === opening && void open(mine), OPEN_AGAIN_MS);
  }
}

// ── what happens ────────────────────────────────────────────────────────────────────────────────────────────────────

function hear(mine: Visit, event: Event): void {
  if (event.group !== mine.group) return;
  if (mine.early) {
    if (mine.early.length < MOST_EARLY) mine.early.push(event);
    return;
  }
  const { watch } = useWatch.getState();
  if (!watch) return;
  if (event.epoch !== watch.epoch) void open(mine);
  else if (event.type === 'player') setWatch(mine, applyEvent(watch, event));
}

function setWatch(mine: Visit, watch: Watch): void {
  const known = useWatch.getState();
  if (known.watch && known.watch.play.epoch !== watch.play.epoch) {
    // Another life of the server: its clock is another one.
    mine.clock.clear();
    mine.asking.begin();
  }
  const moved = known.watch?.play.rev !== watch.play.rev;
  useWatch.setState({ watch, course: withState(known.watch?.epoch === watch.epoch ? known.course : [], watch), ...(moved ? { pending: null } : {}) });
  follow(mine);
}

/** What happened before this page was opened, so that older messages have their second, too. */
export function putOlderCourse(group: number, events: readonly Event[]): void {
  if (visit?.group !== group) return;
  const { course, watch } = useWatch.getState();
  const older: Course = courseOf(events, watch?.item ? [watch.item, ...watch.queue.map(({ item }) => item)] : []);
  useWatch.setState({ course: before(older, course) });
}

function onViewers(mine: Visit, { group, viewers }: Viewers): void {
  if (group === mine.group) useWatch.setState({ viewers });
}

function onCheer(mine: Visit, signal: Signal): void {
  if (signal.group !== mine.group || signal.type !== 'cheer') return;
  const cheer = { id: ++cheers, emoji: signal.emoji, by: signal.by.name };
  useWatch.setState((state) => ({ cheers: [...state.cheers, cheer].slice(-MOST_CHEERS) }));
  setTimeout(() => useWatch.setState((state) => ({ cheers: state.cheers.filter((other) => other !== cheer) })), CHEER_LASTS_MS);
}

// ── the player on the screen ────────────────────────────────────────────────────────────────────────────────────────

/** From now on this player is steered. Shown another item, the same one goes on with what was learned of it. */
export function attach(player: ShownPlayer, item: WatchItem, steering: Steering): void {
  const mine = visit;
  if (!mine) return;
  if (mine.attached?.player !== player) {
    detach(mine);
    const ports = {
      now: () => performance.now(),
      at,
      ready: (rev: number) => {
        connection().call('player_ready', { group: mine.group, rev }).catch(() => {});
      },
    };
    const controller = new Controller(player, mine.clock, ports, steering);
    mine.attached = { player, controller, steering, item: item.id, unlisten: player.onChange(() => onChange(mine)) };
  }
  mine.attached.item = item.id;
  follow(mine);
}

/** Nothing is steered any more. */
export function detachPlayer(): void {
  if (visit) detach(visit);
}

function detach(mine: Visit): void {
  mine.attached?.unlisten();
  mine.attached?.controller.dispose();
  mine.attached = null;
  useWatch.setState({ own: NO_PLAYER });
}

function follow(mine: Visit): void {
  const { watch, solo } = useWatch.getState();
  const { attached } = mine;
  if (!watch || !attached || solo || watch.play.item !== attached.item) return;
  attached.controller.userOffsetMs = useOwnSettings.getState().soundLateMs;
  attached.controller.follow(watch.play, watch.item?.length_ms ?? null);
}

function onTick(mine: Visit): void {
  const { attached } = mine;
  const { solo, pending } = useWatch.getState();
  if (attached && !solo) {
    attached.controller.userOffsetMs = useOwnSettings.getState().soundLateMs;
    attached.controller.tick();
  }
  if (pending && performance.now() > mine.pendingUntil) useWatch.setState({ pending: null });
  if (++mine.ticks % SHOW_EVERY_TICKS === 0) showOwn(mine);
  if (performance.now() - mine.reported.at >= REPORT_EVERY_MS) report(mine);
}

function onChange(mine: Visit): void {
  showOwn(mine);
  const { state, at: told } = mine.reported;
  if (activityTold(mine) !== state && performance.now() - told >= REPORT_AGAIN_MS) report(mine);
}

function showOwn(mine: Visit): void {
  const before = useWatch.getState().own;
  const own = ownNow(mine);
  const same = before.activity === own.activity && before.silenced === own.silenced && before.problem === own.problem && before.driftMs === own.driftMs;
  if (!same) useWatch.setState({ own });
}

function ownNow({ attached, clock }: Visit): Own {
  if (!attached) return NO_PLAYER;
  const { watch } = useWatch.getState();
  const { player, controller } = attached;
  const reading = player.read();
  const server = clock.now(performance.now());
  const plays = watch?.play.phase === 'playing' && server !== null && server > watch.play.at_ms;
  const raw = plays ? (positionAt(watch.play, server, watch.item?.length_ms ?? null) - reading.positionMs) / watch.play.rate : null;
  const driftMs = plays ? (controller.driftMs ?? raw) : null;
  return { activity: reading.activity, driftMs: driftMs === null ? null : Math.round(driftMs), silenced: player.silenced, problem: player.problem };
}

function activityTold(mine: Visit): PlayerActivity {
  const { watch, solo } = useWatch.getState();
  if (!watch?.item) return 'idle';
  // Its user has not allowed yet that it is fetched.
  if (!mine.attached) return 'blocked';
  if (solo) return 'paused';
  const { activity } = mine.attached.player.read();
  switch (activity) {
    case 'loading':
    case 'seeking':
    case 'buffering':
      return watch.play.phase === 'playing' || watch.play.phase === 'preparing' ? 'buffering' : 'paused';
    case 'ended':
      return 'paused';
    default:
      return activity;
  }
}

function report(mine: Visit): void {
  const { watch, solo } = useWatch.getState();
  if (!watch || !connection().isOpen) return;
  const state = activityTold(mine);
  const reading = mine.attached?.player.read();
  mine.reported = { at: performance.now(), state, rev: watch.play.rev };
  const length = reading?.lengthMs;
  connection()
    .call('player_report', {
      group: mine.group, rev: watch.play.rev, state, drift_ms: ownNow(mine).driftMs ?? 0, buffered_ms: Math.max(0, reading?.bufferedMs ?? 0),
      delay_ms: Math.min(10_000, mine.clock.delay), ...(length ? { length_ms: length } : {}), hidden: document.visibilityState === 'hidden', solo,
    })
    .catch(() => {});
}

/** Where all are now, in milliseconds within the item; `null` before the server's clock is known. */
export function commonPosition(): number | null {
  const { watch } = useWatch.getState();
  if (!visit || !watch) return null;
  const server = visit.clock.now(performance.now());
  if (server === null) return watch.play.phase === 'playing' ? null : watch.play.pos_ms;
  return positionAt(watch.play, server, watch.item?.length_ms ?? null);
}

// ── what one does ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Asks for something; what comes of it comes as an event. Told in words when it is refused. */
export async function ask(what: Ask): Promise<boolean> {
  const { watch } = useWatch.getState();
  if (!visit || !watch) return false;
  if (what.do === 'play' || what.do === 'pause') {
    visit.pendingUntil = performance.now() + PENDING_LASTS_MS;
    useWatch.setState({ pending: what.do });
  }
  const call = { group: visit.group, client_id: newClientId(Date.now()), seen: watch.play.rev, ...what } as PlayerCommand;
  try {
    await connection().call('player_command', call);
    return true;
  } catch (error) {
    useWatch.setState({ pending: null });
    toast(inWords(error), { tone: 'error', lastsMs: 6_000 });
    return false;
  }
}

/** Puts something on, or at the end of the queue. Whoever brings it knows where it lies: they are not asked once more. */
export async function bring(media: NewMedia, when: 'now' | 'later'): Promise<boolean> {
  const stranger = strangerOf(media.source, location.host);
  if (stranger && /^(https?:|youtube:)/i.test(media.source)) allowHost(/youtu\.?be/i.test(stranger) ? 'YouTube' : stranger);
  const title = media.title ?? titleOf(media.source);
  const known = { ...media, kind: media.kind ?? kindOf(media.source), ...(title ? { title } : {}) };
  return ask(when === 'now' ? { do: 'load', media: known } : { do: 'add', media: known });
}

export function cheer(emoji: string): void {
  if (visit) connection().call('player_cheer', { group: visit.group, emoji }).catch((error: unknown) => toast(inWords(error), { tone: 'error', lastsMs: 6_000 }));
}

/** Stops for oneself alone: somebody is at the door. */
export function stopAlone(): void {
  if (!visit?.attached) return;
  useWatch.setState({ solo: true });
  visit.attached.player.pause();
  report(visit);
}

/** Back to the others, however far they are. */
export function catchUp(): void {
  const mine = visit;
  if (!mine) return;
  const { solo, watch } = useWatch.getState();
  useWatch.setState({ solo: false });
  if (!solo) return void mine.attached?.controller.catchUp();
  const { attached } = mine;
  // What it knew of the player's movement is not true any more: it begins anew.
  if (attached && watch?.item) {
    detach(mine);
    attach(attached.player, watch.item, attached.steering);
  }
  report(mine);
}
