// Short sentences about people: who types, who reacted, what a notice says. Pure, so that their grammar is tested.
import type { PlayerChange } from '../shapes.ts';
import type { Notice, Reaction } from './log.ts';
import { digits } from './time.ts';

/** "A is typing…", "A and B are typing…", "A, B and 2 others are typing…". */
export function typingSentence(names: readonly string[]): string {
  const [first, second, ...others] = names;
  if (!first) return '';
  if (!second) return `${first} is typing…`;
  if (others.length === 0) return `${first} and ${second} are typing…`;
  return `${first}, ${second} and ${others.length} ${others.length === 1 ? 'other' : 'others'} are typing…`;
}

/** Who is behind a reaction, with the names that are known. */
export function reactionSentence(reaction: Reaction): string {
  const known = [...(reaction.me ? ['you'] : []), ...reaction.names].slice(0, Math.max(reaction.count, 0));
  const rest = reaction.count - known.length;
  const parts = [...known, ...(rest > 0 ? [`${rest} ${known.length > 0 ? (rest === 1 ? 'other' : 'others') : rest === 1 ? 'person' : 'people'}`] : [])];
  return `${listOf(parts)} reacted with ${reaction.emoji}`;
}

export function noticeSentence(notice: Notice): string {
  const by = notice.by.name;
  const what = notice.notice;
  switch (what.what) {
    case 'joined':
      return `${what.who} joined`;
    case 'left':
      if (what.reason === 'left') return `${what.who} left`;
      return what.reason === 'kicked' ? `${by} removed ${what.who}` : `${by} banned ${what.who}`;
    case 'role':
      if (what.role === 'owner') return `${what.who} owns the group now`;
      return `${what.who} is now a ${what.role}`;
    case 'updated':
      if (what.fields.length === 1 && what.name !== undefined) return `${by} renamed the group to ${what.name}`;
      if (what.fields.length === 1) return `${by} changed ${FIELDS[what.fields[0]!] ?? 'the group'}`;
      return `${by} changed the group's settings`;
    case 'player':
      return playerSentence(by, what.change);
  }
}

function playerSentence(by: string, change: PlayerChange): string {
  switch (change.change) {
    case 'loaded':
      return `${by} put on ${change.item.title}`;
    case 'added':
      return `${by} added ${change.item.title} to the queue`;
    case 'control_set':
      return `${by} changed who may do what with the player`;
    case 'advanced':
      return change.reason === 'next' ? `${by} went on to the next in the queue` : change.reason === 'skip' ? 'Skipped by vote' : 'Next in the queue';
    case 'played':
      return playedSentence(by, change);
    default:
      return `${by} changed the player`;
  }
}

function playedSentence(by: string, { play, reason }: PlayerChange & { change: 'played' }): string {
  const place = digits(play.pos_ms);
  switch (reason) {
    case 'play':
      return `${by} pressed play at ${place}`;
    case 'pause':
      return `${by} paused at ${place}`;
    case 'seek':
      return `${by} went to ${place}`;
    case 'rate':
      return `${by} set the speed to ${play.rate}×`;
    case 'skip':
      return 'Skipped by vote';
    case 'restart':
      return `The server was away; the player stands at ${place}`;
    default:
      return `${by} stopped the player`;
  }
}

export function newMessages(count: number): string {
  return count === 1 ? '1 new message' : `${count} new messages`;
}

/** "Ada", "Ada and Bob", "Ada, Bob and Cleo". */
export function listOf(parts: readonly string[]): string {
  const sentence = parts.length < 2 ? (parts[0] ?? 'Nobody') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
  return sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1);
}

const FIELDS: Record<string, string> = {
  description: 'the description',
  rules: 'the rules',
  slow_mode_s: 'slow mode',
  lobby_threes: 'whether three may meet in the lobby',
  expires_at: 'when the group ends',
};
