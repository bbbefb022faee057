-- People of the face of Codemaze, and what it knows of them besides: their points are those of duels.

CREATE TABLE racers (
    account_id {key},
    -- As they sent it; empty where they sent none.
    avatar TEXT NOT NULL
);

-- Problems that a service wrote and that passed the gate.
CREATE TABLE generated_problems (
    id TEXT NOT NULL PRIMARY KEY,
    -- The file.
    text TEXT NOT NULL,
    -- For whom it was written.
    account_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- NULL: a draft.
    promoted_at BIGINT
);
