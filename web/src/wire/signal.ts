// Made from crates/wire by its tests. Do not edit.
import type { Author } from "./account";
import type { Id, Seq } from "./numbers";

/** `{group, type, …}`. */
export type Signal = {
  /** Where. */
  group: Id,
} & ({ "type": "typing",
  /** Who. */
  by: Author,
  /** Writes, or stopped. */
  on: boolean,
}
| { "type": "presence",
  /** Who. */
  by: Author,
  /** Here with at least one socket. */
  online: boolean,
}
| { "type": "here",
  /** The accounts with at least one socket. */
  accounts: Array<Id>,
}
| { "type": "cheer",
  /** Who. */
  by: Author,
  /** Which. */
  emoji: string,
}
| { "type": "lobby",
  /** How many wait. */
  waiting: number,
}
| { "type": "read",
  /** The last position that is read. */
  last_read: Seq,
  /** Messages by others that are left. */
  unread: number, });
