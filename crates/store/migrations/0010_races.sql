-- People of the face of Codemaze, and what it knows of them besides: their points are those of duels.

CREATE TABLE racers (
    account_id {key},
    -- As they sent it; empty where they sent none.
    avatar TEXT NOT NULL
);
