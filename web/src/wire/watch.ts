// Made from crates/wire by its tests. Do not edit.
import type { Event } from "./event";
import type { Id, Seq } from "./numbers";

/** `do: "add"` */
export type AddAsk = {
  /** What. */
  media: NewMedia,
};

/** `time`: nothing to say. */
export type AskTime = Record<symbol, never>;

/** The answer of `player_command`. */
export type Commanded = {
  /** The event, which comes as `event`, too; null where it was so already. */
  event: Event | null,
};

/** `do: "hand_over"` */
export type HandOverAsk = {
  /** Whom. */
  to: Id,
};

/** `do: "load"` */
export type LoadAsk = {
  /** What. */
  media: NewMedia,
  /** From where; where the address says so, or from its start, when it is missing. */
  start_ms?: number,
};

/** Whether there is something to see. */
export type MediaKind = "video" | "music";

/** `do: "move"` */
export type MoveAsk = {
  /** Which. */
  item: Id,
  /** Before which other; to the end when it is missing. */
  before?: Id,
};

/** Something that somebody wants to be watched. */
export type NewMedia = {
  /** An address as people paste it, `youtube:<id>` or `upload:<id>`. */
  source: string,
  /** 1–300 characters; made of the address when it is missing. */
  title?: string,
  /** `video` when it is missing. */
  kind?: MediaKind,
};

/** `do: "next"` */
export type NextAsk = {
  /** What plays, so that two who press at once skip one item, not two. */
  leaving: Id,
};

/** `watch_open`, `watch_close`. */
export type OfWatch = {
  /** Whose player. */
  group: Id,
};

/** What the player does. */
export type PlayPhase = "idle" | "preparing" | "playing" | "paused" | "ended";

/** Why the player changed. */
export type PlayReason = "play" | "pause" | "seek" | "rate" | "next" | "skip" | "start" | "end" | "queue" | "restart";

/** What every player is steered to: at `at_ms` it was, or will be, at `pos_ms`. */
export type PlayState = {
  /** The life of the media clock; another one means that it has to be measured anew. */
  epoch: Seq,
  /** Grows by one with each change of the player. */
  rev: number,
  /** What plays. */
  item: Id | null,
  /** What it does. */
  phase: PlayPhase,
  /** Where. */
  pos_ms: number,
  /** When; ahead while a start is agreed upon: until then it stands. */
  at_ms: number,
  /** How fast, 0.25 to 2. */
  rate: number,
};

/** What somebody's player does. */
export type PlayerActivity = "idle" | "playing" | "paused" | "buffering" | "interrupted" | "blocked" | "failed";

/** The data of the event `player`. */
export type PlayerChange = { "change": "loaded",
/** What. */
item: WatchItem,
/** The player from here on. */
play: PlayState,
}
| { "change": "advanced",
/** The player from here on. */
play: PlayState,
/** Why. */
reason: PlayReason,
}
| { "change": "played",
/** The player from here on. */
play: PlayState,
/** Why. */
reason: PlayReason,
}
| { "change": "waited",
/** The player from here on. */
play: PlayState,
/** For whom. */
whom: Array<Id>,
}
| { "change": "added",
/** What. */
item: WatchItem,
}
| { "change": "removed",
/** Which. */
item: Id,
}
| { "change": "moved",
/** Which. */
item: Id,
/** Before which other; null is the end. */
before: Id | null,
}
| { "change": "voted",
/** Which. */
item: Id,
/** Who. */
by: Id,
/** Voted, or took it back. */
on: boolean,
}
| { "change": "skip_voted",
/** Who. */
by: Id,
/** Voted, or took it back. */
on: boolean,
}
| { "change": "measured",
/** How long. */
length_ms: number,
}
| { "change": "handed_over",
/** Who. */
to: Id | null,
}
| { "change": "control_set",
/** To what. */
control: WatchControl,
/** Who leads now. */
host: Id | null, };

/** `player_cheer`: an emoji floats over what is watched. */
export type PlayerCheer = {
  /** In which group. */
  group: Id,
  /** One emoji. */
  emoji: string,
};

/** `player_command`. */
export type PlayerCommand = {
  /** Whose player. */
  group: Id,
  /** 1–64 visible ASCII characters, chosen by the client: a repeat with the same one does nothing. */
  client_id: string,
  /** The newest `rev` that the client had when its user acted. */
  seen: number,
} & ({ "do": "load" } & LoadAsk | { "do": "play" }
| { "do": "pause" }
| { "do": "seek" } & SeekAsk | { "do": "rate" } & RateAsk | { "do": "next" } & NextAsk | { "do": "add" } & AddAsk | { "do": "remove" } & RemoveAsk | { "do": "move" } & MoveAsk | { "do": "vote" } & VoteAsk | { "do": "vote_skip" } & VoteAsk | { "do": "hand_over" } & HandOverAsk | { "do": "set_control" } & SetControlAsk);

/** `player_ready`. */
export type PlayerReady = {
  /** With which group. */
  group: Id,
  /** For which change of the player. */
  rev: number,
};

/** `player_report`: one every two seconds, and at once when something changes. */
export type PlayerReport = {
  /** With which group. */
  group: Id,
  /** The newest `rev` that the player follows. */
  rev: number,
  /** What it does. */
  state: PlayerActivity,
  /** How far it is behind (above zero) or ahead. */
  drift_ms: number,
  /** How much more than it shows it has. */
  buffered_ms?: number,
  /** Half a round trip to the server. */
  delay_ms?: number,
  /** How long it finds the item to be. */
  length_ms?: number,
  /** Whether its page is out of sight. */
  hidden: boolean,
  /** Whether its user chose to be ahead or behind. */
  solo: boolean,
};

/** An item that waits. */
export type QueueEntry = {
  /** What. */
  item: WatchItem,
  /** Who voted for it. */
  votes: Array<Id>,
};

/** `do: "rate"` */
export type RateAsk = {
  /** How fast, 0.25 to 2. */
  rate: number,
};

/** `do: "remove"` */
export type RemoveAsk = {
  /** Which. */
  item: Id,
};

/** `do: "seek"` */
export type SeekAsk = {
  /** Where. */
  to_ms: number,
};

/** `do: "set_control"` */
export type SetControlAsk = {
  /** To what. */
  control: WatchControl,
};

/** Somebody who watches. */
export type ShownViewer = {
  /** Who. */
  account: Id,
  /** What their player does; null while nothing was heard of it lately. */
  state: PlayerActivity | null,
  /** How far it is behind (above zero) or ahead. */
  drift_ms: number | null,
  /** Whether their page is out of sight. */
  hidden: boolean,
  /** Whether they chose to be ahead or behind. */
  solo: boolean,
};

/** The answer of `time`, by the media clock, in milliseconds with a fraction. */
export type TimeAnswer = {
  /** When the question came. */
  received_ms: number,
  /** When the answer left. */
  answered_ms: number,
};

/** The event `viewers`: who watches, at most once a second, whenever that has changed. */
export type Viewers = {
  /** With which group. */
  group: Id,
  /** All of them, by account id. */
  viewers: Array<ShownViewer>,
};

/** `do: "vote"`, `do: "vote_skip"` */
export type VoteAsk = {
  /** Which; to skip, what plays. */
  item: Id,
  /** Vote, or take it back. */
  on: boolean,
};

/** A group's player, and up to which event of the group's log that holds: the events `player` after it change it. */
export type Watch = {
  /** Whose. */
  group: Id,
  /** The life of the group's log. */
  epoch: Seq,
  /** The last event that is in this. */
  head: Seq,
  /** When this was, by the media clock. */
  now_ms: number,
  /** The state of the player. */
  play: PlayState,
  /** What plays. */
  item: WatchItem | null,
  /** The `rev` that brought what plays. */
  item_since: number,
  /** What comes next. */
  queue: Array<QueueEntry>,
  /** Who may do what. */
  control: WatchControl,
  /** Who leads. */
  host: Id | null,
  /** Who wants to leave what plays. */
  skip_votes: Array<Id>,
};

/** Who may do what; owner and moderators always may. */
export type WatchControl = {
  /** Play, pause, seek, speed: `everyone` or `host`. */
  playback: WatchHands,
  /** What plays: load, next, skip. */
  choice: WatchWho,
  /** The queue. */
  queue: WatchWho,
  /** Whether all wait for one who has no data, or each catches up alone. */
  patience: WatchPatience,
};

/** Everybody, or the host. */
export type WatchHands = "everyone" | "host";

/** One thing to watch. */
export type WatchItem = {
  /** Its number in the group. */
  id: Id,
  /** `upload:<id>`, `youtube:<id>` or an address. */
  source: string,
  /** What it is called. */
  title: string,
  /** Whether there is something to see. */
  kind: MediaKind,
  /** How long it is; null while nobody knows. */
  length_ms: number | null,
  /** Who brought it. */
  added_by: Id,
};

/** What happens when somebody's data does not come. */
export type WatchPatience = "together" | "alone";

/** Everybody, the host, or a vote. */
export type WatchWho = "everyone" | "host" | "vote";

/** Something that a group has watched. */
export type Watched = {
  /** What. */
  item: WatchItem,
  /** When it was put on. */
  at: string,
  /** The event that put it on; what was said and done lies after it in the log … */
  from: Seq,
  /** … and before this one, which put on the next; null while there is none. */
  until: Seq | null,
};

/** `GET /groups/{id}/watched`. */
export type WatchedList = {
  /** The newest first. */
  watched: Array<Watched>,
  /** Where the next page begins; null is the end. */
  next: string | null,
};
