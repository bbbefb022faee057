// Made from crates/wire by its tests. Do not edit.
import type { Ack, AskTime, Changed, CloseGroup, Commanded, DeleteCall, Done, Duel, DuelAbort, DuelChallenge, DuelCode, DuelFound, DuelLine, DuelOpened, DuelOver, DuelProgress, DuelQueued, DuelReact, DuelReacted, DuelReady, DuelRecord, DuelRematch, DuelRun, DuelSaid, DuelSay, DuelSeek, DuelSought, DuelSubmit, DuelVerdict, EditCall, EndSeek, Event, LeaveLobby, LobbyLeft, LobbyState, OfDuel, OfLobby, OfRoom, OfWatch, OpenGroups, OpenedGroups, PlayerCheer, PlayerCommand, PlayerReady, PlayerReport, ReactCall, ReadCall, Resume, Room, RoomBlock, RoomEnded, RoomKeep, RoomKept, RoomLeft, RoomMessage, RoomReport, RoomReported, RoomSend, RoomSent, RoomSignal, RoomSignalCall, SendMessage, Sent, Signal, Standing, TimeAnswer, TypingCall, Unread, Viewers, Watch } from "./index";

/** What a client may call in the namespace `/v1`. */
export type Calls = {
  /** Subscribe to groups and get everything after the positions that are known, without a hole. */
  open: (body: OpenGroups, ack: (ack: Ack<OpenedGroups>) => void) => void;
  /** Stop hearing a group. */
  close: (body: CloseGroup, ack: (ack: Ack<Done>) => void) => void;
  /** Write a message; safe to repeat. */
  send: (body: SendMessage, ack: (ack: Ack<Sent>) => void) => void;
  /** Change a message. */
  edit: (body: EditCall, ack: (ack: Ack<Changed>) => void) => void;
  /** Take a message away. */
  delete: (body: DeleteCall, ack: (ack: Ack<Changed>) => void) => void;
  /** Put an emoji under a message, or take it back. */
  react: (body: ReactCall, ack: (ack: Ack<Changed>) => void) => void;
  /** Move the read position. */
  read: (body: ReadCall, ack: (ack: Ack<Unread>) => void) => void;
  /** Tell the others; a signal, never stored. */
  typing: (body: TypingCall, ack: (ack: Ack<Done>) => void) => void;
  /** Wait in a group's lobby to be put together with somebody; a second time finds the same place. */
  lobby_enter: (body: OfLobby, ack: (ack: Ack<Standing>) => void) => void;
  /** Leave the lobby, and the room if there is one. */
  lobby_leave: (body: LeaveLobby, ack: (ack: Ack<Done>) => void) => void;
  /** How many wait, since when. */
  lobby_state: (body: OfLobby, ack: (ack: Ack<LobbyState>) => void) => void;
  /** Say something in a room; it is passed on and never stored. */
  room_send: (body: RoomSend, ack: (ack: Ack<RoomSent>) => void) => void;
  /** Tell the others of a room. */
  room_signal: (body: RoomSignalCall, ack: (ack: Ack<Done>) => void) => void;
  /** Leave a room, and the lobby. */
  room_leave: (body: OfRoom, ack: (ack: Ack<Done>) => void) => void;
  /** Leave a room for somebody else, who may be there at once. */
  room_next: (body: OfRoom, ack: (ack: Ack<Standing>) => void) => void;
  /** Press keep: when all have, the room becomes a group that all of them own. */
  room_keep: (body: RoomKeep, ack: (ack: Ack<RoomKept>) => void) => void;
  /** Report somebody to those who keep order in the group, with the last lines that the caller saw. */
  room_report: (body: RoomReport, ack: (ack: Ack<RoomReported>) => void) => void;
  /** Never be put together with somebody again. */
  room_block: (body: RoomBlock, ack: (ack: Ack<Done>) => void) => void;
  /** Watch along with a group: its player, which the group's events `player` change. */
  watch_open: (body: OfWatch, ack: (ack: Ack<Watch>) => void) => void;
  /** Watch along no more. */
  watch_close: (body: OfWatch, ack: (ack: Ack<Done>) => void) => void;
  /** Play, pause, seek, load, fill the queue, vote …; safe to repeat. */
  player_command: (body: PlayerCommand, ack: (ack: Ack<Commanded>) => void) => void;
  /** Say how one's player is; never a command. */
  player_report: (body: PlayerReport, ack: (ack: Ack<Done>) => void) => void;
  /** Say that one's player stands where it should and has data. */
  player_ready: (body: PlayerReady, ack: (ack: Ack<Done>) => void) => void;
  /** Let an emoji float over what is watched; a signal, never stored. */
  player_cheer: (body: PlayerCheer, ack: (ack: Ack<Done>) => void) => void;
  /** The server's media clock, to measure how one's own differs. */
  time: (body: AskTime, ack: (ack: Ack<TimeAnswer>) => void) => void;
  /** Be put together with somebody of about the same strength; a second time changes what is sought. */
  duel_seek: (body: DuelSeek, ack: (ack: Ack<DuelSought>) => void) => void;
  /** Seek no more. */
  duel_seek_cancel: (body: EndSeek, ack: (ack: Ack<Done>) => void) => void;
  /** Make a duel that members of a group may join. */
  duel_challenge: (body: DuelChallenge, ack: (ack: Ack<DuelOpened>) => void) => void;
  /** Take a place in a duel that has not begun. */
  duel_join: (body: OfDuel, ack: (ack: Ack<DuelOpened>) => void) => void;
  /** Begin with those who are there; its owner only. */
  duel_start: (body: OfDuel, ack: (ack: Ack<Done>) => void) => void;
  /** Give up a place in a duel that has not begun; with its owner the duel goes. */
  duel_leave: (body: OfDuel, ack: (ack: Ack<Done>) => void) => void;
  /** See a duel, as a player who comes back or as a spectator, and hear of every change. */
  duel_open: (body: OfDuel, ack: (ack: Ack<DuelOpened>) => void) => void;
  /** Hear of it no more. */
  duel_close: (body: OfDuel, ack: (ack: Ack<Done>) => void) => void;
  /** Keep what stands in the editor, for coming back. */
  duel_code: (body: DuelCode, ack: (ack: Ack<Done>) => void) => void;
  /** Try a program on the examples and on a call of one's own. */
  duel_run: (body: DuelRun, ack: (ack: Ack<DuelQueued>) => void) => void;
  /** Let a program be judged by the hidden tests. */
  duel_submit: (body: DuelSubmit, ack: (ack: Ack<DuelQueued>) => void) => void;
  /** Say something to all who are there; players only. */
  duel_say: (body: DuelSay, ack: (ack: Ack<DuelSaid>) => void) => void;
  /** Let an emoji float over it; a signal, never stored. */
  duel_react: (body: DuelReact, ack: (ack: Ack<Done>) => void) => void;
  /** Be content with one's shortest program, or go on to the next round: when all are, it happens. */
  duel_ready: (body: DuelReady, ack: (ack: Ack<Done>) => void) => void;
  /** Let one's edits be kept for a replay. */
  duel_record: (body: DuelRecord, ack: (ack: Ack<Done>) => void) => void;
  /** Play again: when all would, there is a new duel. */
  duel_rematch: (body: DuelRematch, ack: (ack: Ack<Done>) => void) => void;
  /** End it for nothing: when all would, it is void. */
  duel_abort: (body: DuelAbort, ack: (ack: Ack<Done>) => void) => void;
  /** Give up. */
  duel_forfeit: (body: OfDuel, ack: (ack: Ack<Done>) => void) => void;
};

/** What the server tells a client in the namespace `/v1`. */
export type Told = {
  /** Something happened in an open group: in order, each once. */
  event: (body: Event) => void;
  /** Typing, presence and the like: may be lost. */
  signal: (body: Signal) => void;
  /** A group fell behind (open it again), or the node goes down (reconnect after `in_ms`). */
  resume: (body: Resume) => void;
  /** The caller is in this room, with these people: at the beginning, when a third comes, after coming back. */
  room: (body: Room) => void;
  /** Something was said, by the caller too. */
  room_message: (body: RoomMessage) => void;
  /** Somebody writes, or would keep the room. */
  room_signal: (body: RoomSignal) => void;
  /** Of three, one left. */
  room_left: (body: RoomLeft) => void;
  /** Nobody else is there any more, and why. */
  room_ended: (body: RoomEnded) => void;
  /** How many wait, and the speed chat: to all in the lobby, a few times a second at most. */
  lobby_state: (body: LobbyState) => void;
  /** The caller is in the lobby no more, and why. */
  lobby_left: (body: LobbyLeft) => void;
  /** Who watches along and how their players are: at most once a second, may be lost. */
  viewers: (body: Viewers) => void;
  /** A duel has changed: all of it, to everybody who has opened it. The highest `rev` counts. */
  duel: (body: Duel) => void;
  /** What becomes of a program, to all sockets of its author that have opened the duel. */
  duel_verdict: (body: DuelVerdict) => void;
  /** How far a player is: at most ten a second and player, may be lost. */
  duel_progress: (body: DuelProgress) => void;
  /** Something was said in a duel, by the caller too. */
  duel_said: (body: DuelLine) => void;
  /** An emoji floats over a duel: may be lost. */
  duel_reacted: (body: DuelReacted) => void;
  /** A duel of the caller begins: open it. */
  duel_found: (body: DuelFound) => void;
  /** A duel is over, and how. */
  duel_over: (body: DuelOver) => void;
};
