-- {id}, {key}, {bytes} and {clustered} are replaced for each database, see migrate.rs.

CREATE TABLE accounts (
    id {id},
    username TEXT,
    username_key TEXT UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT,
    guest BIGINT NOT NULL,
    admin BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX accounts_admins ON accounts (id) WHERE admin = 1;

CREATE TABLE sessions (
    id {id},
    account_id BIGINT NOT NULL,
    token_hash {bytes} NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    agent TEXT
);
CREATE INDEX sessions_by_account ON sessions (account_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE groups (
    id {id},
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    rules TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    access_code TEXT UNIQUE,
    slow_mode_s BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    -- Set when it was deleted or has expired: nobody sees it any more, its rows are taken away in portions.
    gone_at BIGINT
);
CREATE INDEX groups_by_end ON groups (expires_at);
CREATE INDEX groups_gone ON groups (gone_at);

-- Apart from groups, and narrow: every commit touches the rows of all groups that it writes to.
CREATE TABLE heads (
    group_id {key},
    epoch BIGINT NOT NULL,
    -- The place of the newest event; 0 when there is none.
    head BIGINT NOT NULL,
    -- How many messages there ever were, the deleted ones included.
    messages BIGINT NOT NULL,
    -- The place of the newest message; 0 when there is none.
    last_message BIGINT NOT NULL,
    -- Up to here the events lie in log; those after it lie in log_tail, see tail.rs.
    settled BIGINT NOT NULL,
    -- Where in log_tail the newest event lies, when it does.
    tail_id BIGINT,
    -- Up to here what makes a repeat harmless is in sends; for the messages after it the writer keeps it in memory.
    sends_settled BIGINT NOT NULL
);

CREATE TABLE members (
    group_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    role BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    last_read BIGINT NOT NULL,
    -- How many messages there were, the deleted ones included, up to last_read.
    read_messages BIGINT NOT NULL,
    -- When they sent last, for slow mode.
    last_sent_at BIGINT,
    PRIMARY KEY (group_id, account_id)
) {clustered};
CREATE INDEX members_by_account ON members (account_id, group_id);

-- Who was a member once: they may be banned, and nobody else who is none.
CREATE TABLE former_members (
    group_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    PRIMARY KEY (group_id, account_id)
) {clustered};

CREATE TABLE bans (
    group_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    by_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (group_id, account_id)
) {clustered};

-- The log: one row for everything that happened in a group. What every page reads comes first: a row is decoded from
-- its beginning up to the last column that is asked for.
CREATE TABLE log (
    group_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- See codec.rs.
    kind BIGINT NOT NULL,
    -- Of a message: 1 deleted, 2 has had a reaction, 4 edited.
    marks BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    client_id TEXT,
    -- The message that is answered, edited, deleted or reacted to.
    target BIGINT,
    -- The text of a message or an edit; NULL once it is deleted.
    text TEXT,
    -- The rest, as a JSON object with its version in "v".
    data TEXT,
    -- How many messages there are up to here, the deleted ones included.
    messages BIGINT NOT NULL,
    -- Of what is no message: the place of the newest message before it, so that a page can jump.
    prev_message BIGINT,
    -- Of a message: its newest text and since when, if it was edited.
    edited_text TEXT,
    edited_at BIGINT,
    PRIMARY KEY (group_id, seq)
) {clustered};

-- The newest rows of the log, in the order in which they came, see tail.rs. The columns are those of log.
CREATE TABLE log_tail (
    id {key},
    -- The row of the event before this one of the same group, when that lies here, too.
    prev_id BIGINT,
    group_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    marks BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    client_id TEXT,
    target BIGINT,
    text TEXT,
    data TEXT,
    messages BIGINT NOT NULL,
    prev_message BIGINT,
    edited_text TEXT,
    edited_at BIGINT
);

-- What makes a repeat harmless, see sends.rs.
CREATE TABLE sends (
    group_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    -- 63 bits of the SHA-256 of the client id, or the next number that is free.
    client_key BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (group_id, author_id, client_key)
) {clustered};

-- Which events are edits of a message.
CREATE TABLE edits (
    group_id BIGINT NOT NULL,
    message BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (group_id, message, seq)
) {clustered};

-- Deleted messages, for the count of what is unread.
CREATE TABLE redactions (
    group_id BIGINT NOT NULL,
    message BIGINT NOT NULL,
    PRIMARY KEY (group_id, message)
) {clustered};

CREATE TABLE reactions (
    group_id BIGINT NOT NULL,
    message BIGINT NOT NULL,
    emoji TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    -- The event that put it there.
    seq BIGINT NOT NULL,
    PRIMARY KEY (group_id, message, emoji, account_id)
) {clustered};
