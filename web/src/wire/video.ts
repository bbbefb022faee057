// Made from crates/wire by its tests. Do not edit.
import type { MediaKind } from "./watch";

/** Something that can be watched, as far as it is known: `source`, `title`, `kind` and `length_ms` are what
 * `player_command` takes. */
export type FoundVideo = {
  /** `youtube:<id>` or an address. */
  source: string,
  /** What it is called: 1 to 300 characters. */
  title: string,
  /** Who published it; null where nobody says. */
  channel: string | null,
  /** Whether there is something to see. */
  kind: MediaKind,
  /** How long it is; null where nobody says, and of what is live. */
  length_ms: number | null,
  /** It is going on or announced: there is no position that all could share. */
  live: boolean,
  /** Whether it plays within another site's page; null where only a player can tell. */
  embeddable: boolean | null,
  /** A picture of it, 320 by 180. */
  thumbnail: string | null,
};

/** What a pasted address leads to. */
export type VideoLookup = {
  /** What can be watched. */
  video: FoundVideo,
  /** From where in it to begin, when the address said so. */
  start_ms: number,
  /** The type that a direct address's host named, as `major/minor`. */
  content_type: string | null,
  /** The size that it named. */
  bytes: number | null,
};

/** The searches that this server has a day. */
export type VideoQuota = {
  /** So many were made. */
  used: number,
  /** So many may be. */
  limit: number,
  /** When they begin anew: midnight on the Pacific coast. */
  resets_at: string,
};

/** What a search found. */
export type VideoSearch = {
  /** The best first, at most 20. */
  videos: Array<FoundVideo>,
  /** What is left. */
  quota: VideoQuota,
};
