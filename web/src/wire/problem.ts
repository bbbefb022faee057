// Made from crates/wire by its tests. Do not edit.

/** A stable name that a program may act on. */
export type Code = "malformed" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "timeout" | "conflict" | "client_id_reused" | "too_large" | "unsupported" | "invalid" | "rate_limited" | "unknown_event" | "internal" | "unavailable";

/** The body of every answer that is not a success. */
export type Problem = {
  /** Where the code is explained. */
  type: string,
  /** The same for every problem of this code. */
  title: string,
  /** The HTTP status. */
  status: number,
  /** For programs. */
  code: Code,
  /** For people. */
  detail: string,
  /** With `invalid`: which field. */
  field?: string,
  /** With `rate_limited` and `unavailable`: seconds to wait. */
  retry_after?: number,
};
