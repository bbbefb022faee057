// What happens in a lobby, in words: for the screen, for a screen reader, for the title of the page. Pure.
import type { Departure } from '../shapes.ts';
import { isReady, namesOf, type LobbyState, type News, type Parting, type Room, type RoomNotice } from './lobby.ts';
import { listOf } from './sentences.ts';

/** Why a room ended, or why one of three left. */
export function departureSentence(reason: Departure, names: readonly string[]): string {
  const who = listOf(names);
  const several = names.length > 1;
  switch (reason) {
    case 'left':
      return `${who} left.`;
    case 'next':
      return `${who} went on to somebody else.`;
    case 'vanished':
      return several ? `${who} lost the connection.` : `${who}’s connection was lost.`;
    case 'expired':
      return several ? `The time of ${who} was over.` : `${who}’s time was over.`;
    case 'group_left':
      return `${who} ${several ? 'are' : 'is'} no longer in the group.`;
    case 'moved':
      return `${who} went to another table.`;
    case 'round_over':
      return 'The round is over.';
    case 'kept':
      return 'This room is a group now.';
  }
}

/** Why one waits again. */
export function newsSentence(news: News): string {
  if (news.what === 'did_not_start') return `${listOf(news.names)} did not start, so we look for somebody else.`;
  switch (news.reason) {
    case 'round_over':
      return `The round with ${listOf(news.names)} is over.`;
    case 'moved':
      return `${listOf(news.names)} left this table; a place at another one is looked for.`;
    default:
      return departureSentence(news.reason, news.names);
  }
}

export function partingSentence(parting: Parting): string {
  switch (parting.what) {
    case 'unconfirmed':
      return 'You did not press Start in time, so you are out of the lobby. The other goes on to somebody else.';
    case 'elsewhere':
      return 'You left the lobby in another window.';
    case 'group_left':
      return 'You are no longer in this group.';
    case 'expired':
      return 'Your time in this lobby is over.';
    case 'vanished':
      return 'Your connection was lost for too long, so your place was given up.';
    case 'kept':
      return `Your room with ${listOf(parting.names)} is a group now.`;
    case 'reported':
      return `You have reported ${parting.name} and left the room. Those who keep order in the group read it.`;
    case 'blocked':
      return `You never meet ${parting.name} again. Your settings list whom you have blocked.`;
    case 'refused':
      return parting.problem;
  }
}

export function noticeWords(notice: RoomNotice): string {
  switch (notice.what) {
    case 'joined':
      return `${listOf(notice.names)} was left over and joins you.`;
    case 'joined_two':
      return `You join ${listOf(notice.names)}, who are talking already.`;
    case 'left':
      return departureSentence(notice.reason ?? 'left', notice.names);
    case 'back':
      return 'You are back. What was said before is not here any more: nobody keeps it.';
    case 'silent':
      return `${listOf(notice.names)} ${notice.names.length > 1 ? 'have' : 'has'} not pressed Start. You can wait, or go on.`;
    case 'rounds_over':
      return 'The rounds are over. You two can go on talking, or find somebody else.';
  }
}

/** How many others wait, seen by one who does. */
export function othersSentence(others: number): string {
  if (others === 0) return 'You are first; we keep looking.';
  return others === 1 ? '1 other waits, too.' : `${others} others wait, too.`;
}

/** The same, seen from outside. */
export function waitingSentence(waiting: number): string {
  if (waiting === 0) return 'Nobody waits right now. You would be the first.';
  return waiting === 1 ? '1 person waits right now.' : `${waiting} people wait right now.`;
}

export function partnersOf(room: Room): string {
  return listOf(namesOf(room.partners));
}

/** What to read out when the first state became the second; empty where nothing is new. */
export function spoken(before: LobbyState, after: LobbyState): string {
  if (before === after) return '';
  switch (after.at) {
    case 'entering':
      return '';
    case 'outside':
      return after.parting && (before.at !== 'outside' || before.parting !== after.parting) ? partingSentence(after.parting) : '';
    case 'waiting':
      if (before.at === 'waiting') return '';
      return after.news ? `${newsSentence(after.news)} You are waiting.` : 'You are waiting for somebody.';
    case 'room':
      return spokenInRoom(before.at === 'room' && before.room.id === after.room.id ? before.room : null, after.room);
  }
}

function spokenInRoom(before: Room | null, room: Room): string {
  const partners = partnersOf(room);
  if (room.phase === 'deciding') {
    if (before?.phase !== 'deciding') return `You have met ${partners}. Press Start within 20 seconds.`;
    const ready = room.partners.find((partner) => isReady(room, partner) && !isReady(before, partner));
    return ready ? `${ready.name} is ready.` : '';
  }
  if (room.phase === 'talking' && before?.phase !== 'talking') return `You are with ${partners}. You can write.`;
  if (room.over && before?.phase !== 'over') return departureSentence(room.over.reason, namesOf(room.partners));
  const last = room.items.at(-1);
  if (last?.kind === 'notice' && !before?.items.some((item) => item.key === last.key)) return noticeWords(last);
  const keeper = room.partners.find((partner) => partner.keeps && !before?.partners.find((known) => known.key === partner.key)?.keeps);
  return keeper ? keepSentence(keeper.name) : '';
}

export function keepSentence(name: string): string {
  return `${name} would like to keep this.`;
}
