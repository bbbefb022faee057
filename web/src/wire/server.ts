// Made from crates/wire by its tests. Do not edit.

/** `GET /server`. */
export type Server = {
  /** What its owner calls it. */
  name: string,
  /** The version of Parlor. */
  version: string,
  /** Anybody may make an account. */
  open_registration: boolean,
  /** Nobody runs it yet: the link of the first start makes the first admin. */
  needs_admin: boolean,
  /** The origin of the frame that shows videos of YouTube. */
  youtube_player: string,
  /** `GET /videos/search` finds something: whoever runs the server has given it a key. */
  video_search: boolean,
};
