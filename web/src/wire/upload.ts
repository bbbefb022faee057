// Made from crates/wire by its tests. Do not edit.
import type { Account } from "./account";
import type { Id } from "./numbers";

/** What a file is for. */
export type FileKind = "video" | "audio" | "image" | "subtitles";

/** `POST /groups/{id}/uploads`. */
export type NewUpload = {
  /** What it is called; cut to 200 characters, without a path and without what cannot be seen. */
  name: string,
  /** Bytes. */
  size: number,
  /** What it is meant to be: where its content is something else, it is refused. */
  kind?: FileKind,
};

/** A file in a group, or one that is on its way there. */
export type Upload = {
  /** Never reused. */
  id: Id,
  /** Where it is. */
  group: Id,
  /** Who brought it. */
  by: Account,
  /** What it is called. */
  name: string,
  /** Bytes. */
  size: number,
  /** How many of them are here. Until all are, and were looked at, its sender alone sees it. */
  received: number,
  /** Whether it is complete, and seen by every member. It never changes again. */
  ready: boolean,
  /** What it is for: of a file that is not ready, what its sender said. */
  kind: FileKind | null,
  /** What its bytes are; null until it is ready. */
  media_type: string | null,
  /** Pixels across, of a picture that is ready. */
  width: number | null,
  /** Pixels down, of a picture that is ready. */
  height: number | null,
  /** Whether there is a small picture at `…/thumbnail`. */
  thumbnail: boolean,
  /** When it was announced. */
  created_at: string,
  /** When it is forgotten unless more of it comes; null when it is ready. */
  expires_at: string | null,
};

/** One file. */
export type UploadAnswer = {
  /** The file. */
  upload: Upload,
};

/** `GET /groups/{id}/uploads`. */
export type Uploads = {
  /** The newest first; those that are not ready only where they are the caller's own. */
  uploads: Array<Upload>,
  /** Where the next page begins; null is the end. */
  next: string | null,
  /** What all files of the group count, in bytes; each counts as at least 64 KiB. */
  used_bytes: number,
  /** What they may count. */
  quota_bytes: number,
  /** The longest file that is taken; 0 where none are. */
  max_bytes: number,
};
