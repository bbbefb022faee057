// Made from crates/wire by its tests. Do not edit.
import type { Author } from "./account";
import type { Id } from "./numbers";

/** A duel: the event `duel`, sent anew with each change. Of two, the one with the higher `rev` is the newer. */
export type Duel = {
  /** Never reused. */
  id: Id,
  /** Grows with each change. */
  rev: number,
  /** The server's time when this was written, to show clocks by. */
  now: string,
  /** Whose members play; null where the server put them together. */
  group: Id | null,
  /** Who made the challenge; null where the server put them together. */
  owner: Id | null,
  /** Whether everybody who is signed in may watch. */
  public: boolean,
  /** What decides a round. */
  mode: DuelMode,
  /** The one language that may be used; null for any. */
  language: Language | null,
  /** Best of how many rounds: 1, 3 or 5. */
  rounds: number,
  /** Minutes of each round. */
  minutes: number,
  /** How many may play. */
  seats: number,
  /** What happens now. */
  phase: DuelPhase,
  /** In the order in which they came. */
  players: Array<DuelPlayer>,
  /** How many watch. */
  spectators: number,
  /** The round that is about to begin, runs, or was the last; null before the first. */
  round: DuelRound | null,
  /** What came of the rounds that are over, in order. Void ones are in it, too. */
  results: Array<DuelRoundResult>,
  /** How it ended; null while it has not. */
  outcome: DuelOutcome | null,
  /** The duel that came of a rematch. */
  rematch: Id | null,
};

/** `duel_abort`: when all agree the duel ends and counts for nobody. */
export type DuelAbort = {
  /** Which. */
  duel: Id,
  /** Would, or no more. */
  on: boolean,
};

/** What a player does. */
export type DuelActivity = "idle" | "typing" | "running" | "judged" | "solved";

/** An argument. */
export type DuelArgument = {
  /** snake_case. */
  name: string,
  /** Its type. */
  type: string,
};

/** A duel in a list. */
export type DuelCard = {
  /** Never reused. */
  id: Id,
  /** Whose members play. */
  group: Id | null,
  /** Who made the challenge. */
  owner: Id | null,
  /** What decides a round. */
  mode: DuelMode,
  /** The one language that may be used. */
  language: Language | null,
  /** Best of how many. */
  rounds: number,
  /** Minutes of each round. */
  minutes: number,
  /** How many may play. */
  seats: number,
  /** Who plays. */
  players: Array<Author>,
  /** What happens now. */
  phase: DuelPhase,
  /** The number of the round. */
  round: number,
  /** How many watch. */
  spectators: number,
  /** When it was made. */
  created_at: string,
};

/** `duel_challenge`: a duel for members of a group. It starts when it is full, or when its owner says so. */
export type DuelChallenge = {
  /** Whose members may join and watch. */
  group: Id,
  /** How many may play, 2–8; 2 where it is missing. */
  players?: number,
  /** Best of 1, 3 or 5. */
  rounds: number,
  /** What decides a round. */
  mode: DuelMode,
  /** Minutes of each round, 1–60. */
  minutes: number,
  /** The one language that may be used; any where it is missing. */
  language?: Language,
  /** Whether everybody who is signed in may watch. */
  public: boolean,
};

/** `duel_code`: what stands in the caller's editor, kept for coming back. At most five times in two seconds. */
export type DuelCode = {
  /** Where. */
  duel: Id,
  /** All of it, at most 64 KiB. */
  code: string,
  /** What it is written in. */
  language: Language,
};

/** What stood in an editor. */
export type DuelEdit = {
  /** In which round. */
  round: number,
  /** Whose. */
  player: Id,
  /** When, in milliseconds of the round. */
  at_ms: number,
  /** What it is written in. */
  language: Language,
  /** All of it. */
  code: string,
};

/** Why a duel ended. */
export type DuelEnding = "won" | "draw" | "forfeit" | "aborted" | "deserted" | "cancelled" | "fault";

/** What went wrong in a program. */
export type DuelError = {
  /** At most 1,000 characters. */
  message: string,
  /** The line of the program, from 1. */
  line: number | null,
};

/** A call and what it gives. */
export type DuelExample = {
  /** `sum_of_gaps([3, 4])`. */
  call: string,
  /** What it gives, written as in JSON. */
  expected: string,
  /** Why; null in mode `reverse` until the round is over. */
  explanation: string | null,
};

/** The event `duel_found`, to all sockets of its players: a duel of theirs begins. Then `duel_open` it. */
export type DuelFound = {
  /** Which. */
  duel: Id,
  /** How it came. */
  by: DuelFoundBy,
};

/** How a duel came. */
export type DuelFoundBy = "seek" | "challenge" | "rematch";

/** A duel that somebody played. */
export type DuelHistoryItem = {
  /** Which; null where the caller may not see it. */
  duel: Id | null,
  /** When it ended. */
  at: string,
  /** What decided a round. */
  mode: DuelMode,
  /** Against whom; empty where the caller may not see it. */
  opponents: Array<Author>,
  /** The place, 1 is the best; null where it was void. */
  place: number | null,
  /** Whether it was won: null for a draw and where it was void. */
  won: boolean | null,
  /** Why it ended. */
  reason: DuelEnding,
  /** Why it moved no points. */
  unranked: DuelUnranked | null,
  /** How the rating changed. */
  rating_change: number,
  /** How the points changed. */
  xp_change: number,
};

/** Tried or submitted. */
export type DuelJob = "run" | "submit";

/** Whether a language can be judged. */
export type DuelLanguage = {
  /** Which. */
  language: Language,
  /** The interpreter's own name and version. */
  version: string | null,
  /** Why it can not be judged; null where it can. */
  missing: string | null,
};

/** A line that was said: the event `duel_said`, also to whoever said it. */
export type DuelLine = {
  /** Where. */
  duel: Id,
  /** Who. */
  by: Author,
  /** When. */
  at: string,
  /** What. */
  text: string,
};

/** What is a player's own. */
export type DuelMine = {
  /** What stood in the editor; null where nothing was kept in this round. */
  code: string | null,
  /** What it is written in. */
  language: Language | null,
  /** What was submitted in this round, in order. */
  submissions: Array<DuelSubmission>,
};

/** What decides a round. */
export type DuelMode = "fastest" | "shortest" | "reverse";

/** The answer of `duel_challenge`, `duel_join` and `duel_open` (`not_found` for a duel that ended more than ten minutes
 * ago, which `GET /duels/{duel_id}` still shows): everything that the caller may see, and from now on
 * its socket is told of every change. */
export type DuelOpened = {
  /** As everybody sees it. */
  duel: Duel,
  /** What is the caller's own; null for a spectator. */
  mine: DuelMine | null,
  /** The last 50 lines that were said. */
  lines: Array<DuelLine>,
};

/** How a duel ended. The event `duel_over` carries it, too. */
export type DuelOutcome = {
  /** When. */
  at: string,
  /** Why. */
  reason: DuelEnding,
  /** Who won; null for a draw and where it is void. */
  winner: Id | null,
  /** The best first; empty where it is void. */
  places: Array<DuelPlace>,
  /** Why it moves no points and no rating; null where it does. */
  unranked: DuelUnranked | null,
};

/** The event `duel_over`. */
export type DuelOver = {
  /** Which. */
  duel: Id,
  /** How. */
  outcome: DuelOutcome,
};

/** What happens now. */
export type DuelPhase = "open" | "countdown" | "running" | "judging" | "pause" | "over";

/** How a player stands at the end. */
export type DuelPlace = {
  /** Who. */
  player: Id,
  /** 1 is the best; two that are alike have the same. */
  place: number,
  /** Rounds that they won. */
  won: number,
  /** Points before. */
  xp_before: number,
  /** Points now. */
  xp: number,
  /** Rating before. */
  rating_before: number,
  /** Rating now. */
  rating: number,
};

/** One who plays. */
export type DuelPlayer = {
  /** Who. */
  account: Author,
  /** Their points when the duel began. */
  xp: number,
  /** What these points are. */
  rank: Rank,
  /** Their rating when the duel began (Glicko-2, 1500 for a newcomer). */
  rating: number,
  /** Rounds that they won. */
  won: number,
  /** Whether they are there. */
  presence: DuelPresence,
  /** When they forfeit unless they come back; null where they are there. */
  away_until: string | null,
  /** How far they are in this round. */
  progress: DuelProgress,
  /** Let their edits be kept. */
  records: boolean,
  /** Are content, or would go on. */
  ready: boolean,
  /** Would play again. */
  rematch: boolean,
  /** Would end it for nothing. */
  abort: boolean,
};

/** Whether a player is there. */
export type DuelPresence = "here" | "away" | "forfeited";

/** What is to be solved. */
export type DuelProblem = {
  /** Its name in addresses: `sum-of-gaps`. */
  id: string,
  /** One line. */
  title: string,
  /** How hard it is. */
  rank: Rank,
  /** Markdown; null in mode `reverse` until the round is over. */
  statement: string | null,
  /** The function that is to be written. */
  signature: DuelSignature,
  /** At least three calls and what they give. */
  examples: Array<DuelExample>,
  /** How many hidden tests there are. */
  hidden_tests: number,
  /** CPU time in milliseconds for all tests together. */
  cpu_ms: number,
  /** Memory in MiB. */
  memory_mb: number,
  /** What an empty editor may begin with. */
  starters: DuelStarters,
};

/** `GET /accounts/{account_id}/duels`. */
export type DuelProfile = {
  /** Who. */
  account: Author,
  /** Points: ten for each duel that is won. */
  xp: number,
  /** What these points are. */
  rank: Rank,
  /** Duels won. */
  wins: number,
  /** Duels lost. */
  losses: number,
  /** Duels without a winner. */
  draws: number,
  /** Glicko-2; 1500 for who has not played. */
  rating: number,
  /** How sure that is; 350 for who has not played. */
  deviation: number,
  /** The rating after each of the last 200 duels that counted, the oldest first. */
  ratings: Array<RatingPoint>,
  /** The last duels, the newest first; of those that the caller may not see, without opponents. */
  history: Array<DuelHistoryItem>,
  /** Where `history` goes on; null is the end. */
  next: string | null,
};

/** How far a player is: what others may know of it. Also the event `duel_progress`, at most ten a second and player. */
export type DuelProgress = {
  /** Where. */
  duel: Id,
  /** In which round, from 1. */
  round: number,
  /** Who. */
  player: Id,
  /** What they do. */
  activity: DuelActivity,
  /** Hidden tests that the program which is, or was last, judged has passed. */
  passed: number,
  /** How many there are. */
  total: number,
  /** What it was worth; null while it is judged, and before the first. */
  verdict: Verdict | null,
  /** Programs submitted in this round. */
  submits: number,
};

/** The answer of `duel_run` and `duel_submit`: what becomes of it comes as `duel_verdict`. */
export type DuelQueued = {
  /** Its number in the duel, in the order of receiving. */
  job: number,
  /** How many wait before it, at most. */
  position: number,
};

/** `duel_react`: players and spectators. */
export type DuelReact = {
  /** To what. */
  duel: Id,
  /** One emoji. */
  emoji: string,
};

/** The event `duel_reacted`: may be lost. */
export type DuelReacted = {
  /** Where. */
  duel: Id,
  /** Who. */
  by: Author,
  /** Which. */
  emoji: string,
};

/** `duel_ready`: in a round of `shortest`, that one is content with what one has (when all are, the round ends);
 * between rounds, that the next may begin (when all say so, it does). */
export type DuelReady = {
  /** Where. */
  duel: Id,
  /** Is, or no more. */
  on: boolean,
};

/** `duel_record`: lets one's edits be kept for a replay. They are kept only where all players let them. */
export type DuelRecord = {
  /** Where. */
  duel: Id,
  /** May be kept, or no more. */
  on: boolean,
};

/** `duel_rematch`: after the end; when all agree there is another duel, with other problems. */
export type DuelRematch = {
  /** Of which. */
  duel: Id,
  /** Would, or no more. */
  on: boolean,
};

/** `GET /duels/{duel_id}/replay`: what stood in the editors, where all players let it be kept. */
export type DuelReplay = {
  /** In order of rounds and time. */
  edits: Array<DuelEdit>,
};

/** `GET /duels/{duel_id}`: the match, and of each round that is over the problem and all programs. */
export type DuelReview = {
  /** The match. */
  duel: Duel,
  /** Its rounds that are over. */
  rounds: Array<DuelReviewRound>,
  /** Whether there is a replay. */
  replay: boolean,
};

/** A round that is over. */
export type DuelReviewRound = {
  /** What came of it. */
  result: DuelRoundResult,
  /** What was to be solved; null where this server has it no more. */
  problem: DuelProblem | null,
  /** Everything that was submitted, in the order of receiving. */
  solutions: Array<DuelSolution>,
};

/** A round. */
export type DuelRound = {
  /** From 1; a void round is played again under the next number. */
  number: number,
  /** When it begins, or began. */
  starts_at: string,
  /** When nothing is received any more. */
  ends_at: string,
  /** In `pause`: when the next countdown begins. */
  next_at: string | null,
  /** What is to be solved; null until it begins. */
  problem: DuelProblem | null,
};

/** Why a round ended. */
export type DuelRoundEnding = "solved" | "time_up" | "forfeit" | "void";

/** How a player stood at the end of a round. */
export type DuelRoundPlace = {
  /** Who. */
  player: Id,
  /** 1 is the best; two that are alike have the same. */
  place: number,
  /** The most hidden tests that a program of theirs passed. */
  passed: number,
  /** How many there were. */
  total: number,
  /** Programs that were judged and not accepted. */
  wrong: number,
  /** When their accepted program was received, in milliseconds of the round. */
  solved_ms: number | null,
  /** How many characters it has. */
  length: number | null,
};

/** What came of a round. */
export type DuelRoundResult = {
  /** From 1. */
  number: number,
  /** Who won it; null for a draw and where it is void. */
  winner: Id | null,
  /** Why it ended. */
  reason: DuelRoundEnding,
  /** `id` of the problem. */
  problem: string,
  /** How it is called. */
  title: string,
  /** The best first. */
  places: Array<DuelRoundPlace>,
};

/** `duel_run`: tries a program on the examples, and on a call of one's own. */
export type DuelRun = {
  /** Where. */
  duel: Id,
  /** The program, at most 64 KiB. */
  code: string,
  /** What it is written in. */
  language: Language,
  /** `name_of_the_function([1, 2], "x")`, its arguments written as in JSON; at most 4,000 characters. */
  call?: string,
};

/** The answer of `duel_say`. */
export type DuelSaid = {
  /** When it was passed on; it comes as `duel_said`, too. */
  at: string,
};

/** `duel_say`: players only; it is passed on and never stored. */
export type DuelSay = {
  /** Where. */
  duel: Id,
  /** 1–500 characters. */
  text: string,
};

/** `duel_seek`: what is missing is all the same to the caller, and agreed upon with whoever is found. */
export type DuelSeek = {
  /** What decides a round. */
  mode: DuelMode,
  /** The one language that may be used. */
  language?: Language,
  /** Best of 1, 3 or 5; 3 where nobody minds. */
  rounds?: number,
  /** Minutes of each round, 1–60; 10 where nobody minds. */
  minutes?: number,
};

/** The function, with types as in `int[]`, `map<string,float>`. */
export type DuelSignature = {
  /** The same in both languages. */
  name: string,
  /** One to eight. */
  arguments: Array<DuelArgument>,
  /** The type of what it returns. */
  returns: string,
};

/** A program that was submitted. */
export type DuelSolution = {
  /** By whom. */
  player: Id,
  /** When it was received, in milliseconds of the round. */
  at_ms: number,
  /** What it is written in. */
  language: Language,
  /** All of it. */
  code: string,
  /** What it was worth; null where the round ended before it was judged. */
  verdict: Verdict | null,
  /** Hidden tests passed. */
  passed: number,
  /** How many there were. */
  total: number,
  /** CPU time in milliseconds. */
  cpu_ms: number,
};

/** The answer of `duel_seek`: one of both. Seeking ends with the socket that asked. */
export type DuelSought = {
  /** Since when the caller seeks; null where somebody was found. */
  since: string | null,
  /** The duel; `duel_found` tells it, too. */
  duel: Id | null,
};

/** The empty function. */
export type DuelStarters = {
  /** In JavaScript. */
  javascript: string,
  /** In Python. */
  python: string,
};

/** `GET /duels/status`: whether code can be judged here. */
export type DuelStatus = {
  /** Whether duels can be played. */
  available: boolean,
  /** Why not; null where they can. */
  reason: string | null,
  /** How programs are locked in; null where they are not. */
  tier: Tier | null,
  /** What can be judged, and what not and why. */
  languages: Array<DuelLanguage>,
  /** How many problems there are. */
  problems: Array<ProblemCount>,
  /** How many people seek an opponent. */
  seeking: number,
  /** How many duels run. */
  running: number,
};

/** A program of one's own that was submitted. */
export type DuelSubmission = {
  /** As in the answer of `duel_submit`. */
  job: number,
  /** When it was received. */
  at: string,
  /** What it is worth; null while it is judged. */
  verdict: Verdict | null,
  /** Hidden tests passed. */
  passed: number,
  /** How many there are. */
  total: number,
};

/** `duel_submit`: lets a program be judged by the hidden tests. It counts from when it was received. */
export type DuelSubmit = {
  /** Where. */
  duel: Id,
  /** The program, at most 64 KiB. */
  code: string,
  /** What it is written in. */
  language: Language,
};

/** Why a duel moves no points. */
export type DuelUnranked = "void" | "guest" | "too_often";

/** The event `duel_verdict`: `queued`, `started`, one `test` after the other, `done`. */
export type DuelVerdict = {
  /** Where. */
  duel: Id,
  /** In which round. */
  round: number,
  /** As in the answer of the call. */
  job: number,
  /** Tried or submitted. */
  kind: DuelJob,
} & ({ "type": "queued",
  /** How many wait before it, at most. */
  position: number,
}
| { "type": "started" }
| { "type": "test",
  /** From 1. When trying, the examples in order, then the own call. */
  number: number,
  /** What it is worth; `SHOWN` for the own call. */
  verdict: Verdict,
  /** CPU time in microseconds. */
  us: number,
  /** When trying: what it returned, written as in JSON, at most 4,000 characters. */
  value: string | null,
  /** When trying: what it printed, at most 8 KiB. */
  output: string | null,
  /** When trying: why there is no value. */
  error: DuelError | null,
}
| { "type": "done",
  /** What it is worth. `IE` is our fault and counts for nobody; `SKIPPED` gave way to a newer one. */
  verdict: Verdict,
  /** Tests passed. */
  passed: number,
  /** Tests that have an expected value. */
  total: number,
  /** CPU time in milliseconds. */
  cpu_ms: number,
  /** The largest memory in MiB, the interpreter included. */
  peak_mb: number,
  /** Why it did not get as far as a test, or what ended it. */
  error: DuelError | null, });

/** `GET /duels`: what can be joined or watched now, the newest first. */
export type Duels = {
  /** With `group`: those of its members that are open or running; without: those that everybody may watch. */
  duels: Array<DuelCard>,
  /** These lists are short: always null. */
  next: string | null,
};

/** `duel_seek_cancel`: nothing to say. */
export type EndSeek = Record<symbol, never>;

/** A programming language that a submission may be written in. */
export type Language = "javascript" | "python";

/** `GET /leaderboard`. */
export type Leaderboard = {
  /** The most points first, then the higher rating. */
  players: Array<LeaderboardRow>,
  /** Where the next page begins; null is the end. */
  next: string | null,
};

/** Somebody who has played. */
export type LeaderboardRow = {
  /** 1 is the best. */
  place: number,
  /** Who. */
  account: Author,
  /** Points: ten for each duel that is won. */
  xp: number,
  /** What these points are. */
  rank: Rank,
  /** Duels won. */
  wins: number,
  /** Duels lost. */
  losses: number,
  /** Duels without a winner. */
  draws: number,
  /** Glicko-2. */
  rating: number,
  /** How sure that is: the true strength lies within twice of it, as a rule. */
  deviation: number,
};

/** `duel_join`, `duel_start`, `duel_leave`, `duel_open`, `duel_close`, `duel_forfeit`. */
export type OfDuel = {
  /** Which. */
  duel: Id,
};

/** How many problems a rank has. */
export type ProblemCount = {
  /** Which rank. */
  rank: Rank,
  /** How many. */
  count: number,
};

/** Points in words: up to 250 bronze, 500 silver, 750 gold, then platinum. */
export type Rank = "bronze" | "silver" | "gold" | "platinum";

/** A rating at a time. */
export type RatingPoint = {
  /** When. */
  at: string,
  /** What it became. */
  rating: number,
  /** How sure that was. */
  deviation: number,
  /** What the points became. */
  xp: number,
};

/** How programs are locked in. */
export type Tier = "namespaces" | "landlock";

/** What a test, or a whole run, is worth. */
export type Verdict = "AC" | "WA" | "TLE" | "MLE" | "OLE" | "RE" | "CE" | "ILE" | "IE" | "SKIPPED" | "SHOWN";
