// The one place that says where the shapes of the wire come from. Everything else imports them from here.
import type { Told } from './wire/index.ts';

export type {
  Account, Ack, AckError, Author, Ban, Bans, Block, Blocks, Calls, ChangeGroup, Code, Departure, Edit, Edits, Event, Events,
  Group, GroupUpdatedData, LeaveReason, LobbyState as Crowd, Me, Member, Members, Message, Messages, MyGroup, NewGroup,
  NewSpeedChat, Occupant, OpenGroup, OpenedGroup, OpenedGroups, Position, Problem, Reaction, Report, ReportedLine, Reports,
  Resume, Role, Room as WireRoom, RoomEnded, RoomLeft, RoomMessage, RoomSignal, Sent, Server, Session, Sessions, Signal,
  SignedIn, Somebody, SpeedChat, Standing, Told, Unread,
  MediaKind, NewMedia, PlayerActivity, PlayerChange, PlayerCommand, PlayState, QueueEntry, ShownViewer, Viewers, Watch,
  WatchControl, Watched, WatchedList, WatchItem,
  Attachment, FileKind, FoundVideo, NewUpload, Upload, UploadAnswer, Uploads, VideoLookup, VideoQuota, VideoSearch,
  Duel, DuelActivity, DuelCard, DuelChallenge, DuelEdit, DuelEnding, DuelError, DuelFound, DuelHistoryItem, DuelJob, DuelLine,
  DuelMine, DuelMode, DuelOpened, DuelPlayer, DuelProblem, DuelProfile, DuelProgress, DuelReacted, DuelReplay, DuelReview,
  DuelReviewRound, DuelRoundEnding, DuelRoundResult, Duels, DuelSeek, DuelSignature, DuelSolution, DuelStarters, DuelStatus,
  DuelSubmission, DuelUnranked, DuelVerdict, Language, Leaderboard, LeaderboardRow, Rank, RatingPoint, Verdict,
} from './wire/index.ts';

type DuelEvent = 'duel' | 'duel_verdict' | 'duel_progress' | 'duel_said' | 'duel_reacted' | 'duel_found' | 'duel_over';
/** What the server tells of duels, with its name. */
export type DuelTold = { [E in DuelEvent]: { readonly type: E; readonly body: Parameters<Told[E]>[0] } }[DuelEvent];

type LobbyEvent = 'room' | 'room_message' | 'room_signal' | 'room_left' | 'room_ended' | 'lobby_state' | 'lobby_left';
/** What the server tells of lobbies and rooms, with its name. */
export type LobbyTold = { [E in LobbyEvent]: { readonly type: E; readonly body: Parameters<Told[E]>[0] } }[LobbyEvent];
