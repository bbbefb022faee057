-- Files that people bring into a group. Their bytes lie beside the database; a row stands before its file is made, and
-- the name of a file that has to go stands in doomed_files until it is gone.

CREATE TABLE uploads (
    id {id},
    group_id BIGINT NOT NULL,
    -- What its bytes lie under: 32 hex digits of chance.
    file_key TEXT NOT NULL UNIQUE,
    by_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- What its sender said it would be; NULL where they did not.
    declared TEXT,
    size BIGINT NOT NULL,
    -- How many bytes are here, on the disk.
    received BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it is forgotten; NULL once it is ready.
    expires_at BIGINT,
    -- The rest is NULL until it is ready.
    ready_at BIGINT,
    media_type TEXT,
    width BIGINT,
    height BIGINT,
    thumbnail TEXT,
    -- 1 where its file was not there when they were compared; nobody is shown it until the file is there again.
    lost BIGINT NOT NULL
);
CREATE INDEX uploads_by_group ON uploads (group_id, id);
CREATE INDEX uploads_unfinished ON uploads (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX uploads_unfinished_by_account ON uploads (by_id) WHERE expires_at IS NOT NULL;

-- Files that nothing speaks of any more.
CREATE TABLE doomed_files (
    file_key TEXT NOT NULL PRIMARY KEY
);
