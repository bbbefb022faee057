-- What the old faces know people and groups by, and how far a visitor has read.

CREATE TABLE face_people (
    face TEXT NOT NULL,
    name TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    -- When somebody was last here under the name, roughly; NULL of one who is never forgotten.
    seen_at BIGINT,
    PRIMARY KEY (face, name)
) {clustered};
CREATE INDEX face_people_unseen ON face_people (face, seen_at) WHERE seen_at IS NOT NULL;
CREATE INDEX face_people_by_account ON face_people (account_id);

-- Of a group that was made through a face where groups are found by their name. What it is called elsewhere may change.
CREATE TABLE face_group_names (
    face TEXT NOT NULL,
    name TEXT NOT NULL,
    group_id BIGINT NOT NULL,
    PRIMARY KEY (face, name)
) {clustered};
CREATE UNIQUE INDEX face_group_names_by_group ON face_group_names (group_id);

-- When a member last read through a face that has visits, and where the log ended then; NULL before the first time.
ALTER TABLE members ADD COLUMN visited_at BIGINT;
ALTER TABLE members ADD COLUMN visited_seq BIGINT;
-- 1 in the group that an account visited last.
ALTER TABLE members ADD COLUMN visits BIGINT NOT NULL DEFAULT 0;
