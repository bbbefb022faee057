-- What the face of Social Community knows besides of accounts, groups, members and players.

CREATE TABLE social_users (
    account_id {key},
    -- In lower case.
    email TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    picture TEXT
);

-- The groups that this face shows. One that was made natively is not among them.
CREATE TABLE social_groups (
    group_id {key},
    -- JSON as it came: a string or a number; NULL where there is none.
    secondary_user TEXT
);

-- The number of a member. The row stays when a membership ends: who comes back has the same.
CREATE TABLE social_members (
    id {id},
    group_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    UNIQUE (group_id, account_id)
);

-- What was said of a group's player through this face, as long as the same item is on.
CREATE TABLE social_players (
    group_id {key},
    -- Of which item; 0 where there was none.
    item_id BIGINT NOT NULL,
    -- Its name as it came; NULL once it was deleted.
    name TEXT
);
