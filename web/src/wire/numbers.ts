// Made from crates/wire by its tests. Do not edit.

/** An id of an account or a group. */
export type Id = number;

/** Where in which log: `epoch` changes only when a log is lost or restored. */
export type Position = {
  /** The life of the log. */
  epoch: Seq,
  /** The place in it. */
  seq: Seq,
};

/** A position in a group's log: 1, 2, 3 … without gaps; 0 is before the first. */
export type Seq = number;
