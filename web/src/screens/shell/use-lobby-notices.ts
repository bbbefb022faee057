// What happens in the lobby while one looks elsewhere: a toast that leads there, the title, the icon of the page.
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { listOf } from '../../model/sentences.ts';
import { markIcon } from '../../notify.ts';
import { paths } from '../../routes.ts';
import { useGroups } from '../../store/groups.ts';
import { forgetParting, useLobby } from '../../store/lobby.ts';
import { dismissToast, toast } from '../../store/toasts.ts';

/** Answers with what the title has to say. */
export function useLobbyNotices(onLobby: boolean): string | null {
  const [, navigate] = useLocation();
  const state = useLobby((s) => s.state);
  const unseen = useLobby((s) => s.unseen);
  const room = state.at === 'room' ? state.room : null;
  const names = room ? listOf(room.partners.map((partner) => partner.name)) : '';
  const deciding = room?.phase === 'deciding';
  const notice = deciding ? `You have met ${names}` : room && unseen > 0 ? `${names} wrote` : null;
  useEffect(() => markIcon(notice !== null), [notice]);

  const place = useRef({ onLobby, navigate });
  place.current = { onLobby, navigate };
  const [roomId, group] = [room?.id, state.group];
  const known = useRef<number | undefined>(undefined);
  useEffect(() => {
    const isNew = known.current !== roomId;
    known.current = roomId;
    if (roomId === undefined || group === null || onLobby || !isNew) return;
    const shown = toast(`You have met ${names}.`, { lastsMs: null, action: { label: 'Go there', run: () => place.current.navigate(paths.lobby(group)) } });
    return () => dismissToast(shown);
    // Once for each room, and only where it was met while looking elsewhere.
  }, [roomId, group, onLobby]);

  const kept = state.at === 'outside' && state.parting?.what === 'kept' ? state.parting : null;
  const isHere = useGroups((s) => kept !== null && s.entries[kept.group] !== undefined);
  useEffect(() => {
    if (!kept || !isHere) return;
    const open = () => place.current.navigate(paths.group(kept.group));
    if (place.current.onLobby) open();
    else toast(`Your room with ${listOf(kept.names)} is a group now.`, { action: { label: 'Open it', run: open } });
    forgetParting();
  }, [kept, isHere]);

  return notice;
}
