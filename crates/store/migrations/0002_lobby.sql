-- The lobby: who waits, who met whom, who must never meet. What is said in a room is in no table.

-- Whether one who is left over in the lobby of the group may join two others.
ALTER TABLE groups ADD COLUMN lobby_threes BIGINT NOT NULL DEFAULT 0;

-- Of a group that was made through an old face, by nobody who has an account: which face.
ALTER TABLE groups ADD COLUMN face TEXT;
CREATE INDEX groups_by_face ON groups (face, id) WHERE face IS NOT NULL;

-- Who is in a lobby, waiting or in a room: one row a person, however many sockets they have.
CREATE TABLE places (
    -- An account, or from 2^62 on a connection without one.
    who {key},
    group_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- Which node has the sockets.
    node BIGINT NOT NULL,
    -- The public id of the newest socket: the circle dialect tells it to the partner.
    socket TEXT NOT NULL,
    -- Since when they wait, or waited before they came into the room.
    since BIGINT NOT NULL,
    -- Whom they met last.
    last_a BIGINT,
    last_b BIGINT,
    -- Where they are; NULL while they wait.
    room_id BIGINT,
    -- Whether they pressed keep in that room.
    keeps BIGINT NOT NULL,
    -- When their last socket went; NULL while one is there.
    vanished_at BIGINT,
    -- 63 bits of a hash of address and name, by which one without an account may come back.
    comes_back_as BIGINT,
    -- When the record of one without an account ends.
    expires_at BIGINT
);
CREATE INDEX places_waiting ON places (group_id, since) WHERE room_id IS NULL;
CREATE INDEX places_by_room ON places (room_id) WHERE room_id IS NOT NULL;
CREATE INDEX places_by_group ON places (group_id);
CREATE INDEX places_vanished ON places (vanished_at) WHERE vanished_at IS NOT NULL;
CREATE INDEX places_by_end ON places (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE rooms (
    id {id},
    group_id BIGINT NOT NULL,
    -- Its name in the circle dialect.
    name TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    -- When the round of speed chat that it belongs to ends; NULL when it belongs to none.
    round_ends_at BIGINT
);
CREATE INDEX rooms_by_group ON rooms (group_id, id);

-- Who met whom: each meeting stands here from both sides.
CREATE TABLE meetings (
    group_id BIGINT NOT NULL,
    who BIGINT NOT NULL,
    other BIGINT NOT NULL,
    times BIGINT NOT NULL,
    -- The room of the last time: rooms are numbered in their order.
    last BIGINT NOT NULL,
    PRIMARY KEY (group_id, who, other)
) {clustered};

-- Who is never put together again, in whatever group: from both sides.
CREATE TABLE blocks (
    who BIGINT NOT NULL,
    other BIGINT NOT NULL,
    -- 1 on the side of the one who wished it.
    wished BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (who, other)
) {clustered};

-- What somebody reported, with what they saw of the room: the only words of a room that are ever stored.
CREATE TABLE reports (
    id {id},
    group_id BIGINT NOT NULL,
    by_id BIGINT,
    by_name TEXT NOT NULL,
    about_id BIGINT,
    about_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- {"v": 1, "lines": [{at, by, name, text}]}
    lines TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX reports_by_group ON reports (group_id, id);

-- The speed chat of a group, its last one: see speed_chats.rs.
CREATE TABLE speed_chats (
    group_id {key},
    -- When something is due; NULL when it is over.
    next_at BIGINT,
    state TEXT NOT NULL
);
CREATE INDEX speed_chats_due ON speed_chats (next_at) WHERE next_at IS NOT NULL;

-- The account that stands for an old face where a group needs an owner.
CREATE TABLE faces (
    face TEXT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL
);
