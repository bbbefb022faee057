-- What a group watches together. The log has every change; here is what comes of them, so that nobody has to read the
-- whole log to know it.

CREATE TABLE watches (
    group_id {key},
    -- See watches.rs.
    state TEXT NOT NULL,
    -- Apart, since it is long and changes less often.
    queue TEXT NOT NULL,
    -- When the server last noted that it was alive while this played.
    alive_at BIGINT NOT NULL,
    -- Whether it plays or is about to, so that the note above is worth writing.
    plays BIGINT NOT NULL
);

-- What was watched, for those who want to see it again with what was said: each time an item was put on.
CREATE TABLE watched (
    group_id BIGINT NOT NULL,
    -- The event that put it on.
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- See codec/player.rs.
    item TEXT NOT NULL,
    -- The event that put on what came after it; NULL while there is none.
    until_seq BIGINT,
    PRIMARY KEY (group_id, seq)
) {clustered};

-- How often YouTube was searched: it allows so many searches a day for the whole server, however often that is
-- restarted and however many nodes it has.
CREATE TABLE video_searches (
    -- Days since 1970 by the calendar of the Pacific coast, where YouTube begins a new one.
    day {key},
    searches BIGINT NOT NULL
);
