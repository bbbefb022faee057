-- Duels. A running one is in the memory of the node that made it; here is what must outlive that: who played, what came
-- of each round as soon as it was over, everything that was submitted, and what it did to points and ratings.

CREATE TABLE duels (
    id {id},
    -- Which node has it while it runs; another number at each start of a node.
    node BIGINT NOT NULL,
    -- NULL where the server put its players together.
    group_id BIGINT,
    owner_id BIGINT,
    public BIGINT NOT NULL,
    mode TEXT NOT NULL,
    language TEXT,
    rounds BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    seats BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- NULL while it is not over. It is set once, with everything that follows from it.
    ended_at BIGINT,
    ending TEXT,
    winner_id BIGINT,
    -- Why it moved no points: void, guest, too_often.
    unranked TEXT,
    -- Whether its edits were kept.
    replay BIGINT NOT NULL
);
CREATE INDEX duels_by_group ON duels (group_id, id);

CREATE TABLE duel_players (
    duel_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    -- The order in which they came.
    seat BIGINT NOT NULL,
    -- As what they came.
    xp_before BIGINT NOT NULL,
    -- Millionths, like every number with a fraction here.
    rating_before BIGINT NOT NULL,
    place BIGINT,
    won BIGINT NOT NULL,
    xp_after BIGINT NOT NULL,
    rating_after BIGINT NOT NULL,
    deviation_after BIGINT NOT NULL,
    PRIMARY KEY (duel_id, account_id)
) {clustered};
CREATE INDEX duel_players_by_account ON duel_players (account_id, duel_id);

CREATE TABLE duel_rounds (
    duel_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    problem TEXT NOT NULL,
    title TEXT NOT NULL,
    winner_id BIGINT,
    ending TEXT NOT NULL,
    -- See duels/shapes.rs.
    places TEXT NOT NULL,
    PRIMARY KEY (duel_id, number)
) {clustered};

CREATE TABLE duel_submissions (
    duel_id BIGINT NOT NULL,
    -- Rises in the order of receiving.
    job BIGINT NOT NULL,
    round BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    -- Milliseconds of the round.
    at_ms BIGINT NOT NULL,
    language TEXT NOT NULL,
    source TEXT NOT NULL,
    -- NULL where the round ended before it was judged.
    verdict TEXT,
    passed BIGINT NOT NULL,
    total BIGINT NOT NULL,
    cpu_ms BIGINT NOT NULL,
    PRIMARY KEY (duel_id, job)
) {clustered};

-- What stood in the editors, where all players let it be kept.
CREATE TABLE duel_edits (
    id {id},
    duel_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    language TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX duel_edits_by_duel ON duel_edits (duel_id, id);

-- Everybody who has finished a duel that counted.
CREATE TABLE duel_ratings (
    account_id {key},
    xp BIGINT NOT NULL,
    wins BIGINT NOT NULL,
    losses BIGINT NOT NULL,
    draws BIGINT NOT NULL,
    -- Millionths; Glicko-2.
    rating BIGINT NOT NULL,
    deviation BIGINT NOT NULL,
    volatility BIGINT NOT NULL
);
CREATE INDEX duel_ratings_by_xp ON duel_ratings (xp DESC, rating DESC, account_id);

-- Which problems somebody was shown, so that they do not soon get them again.
CREATE TABLE duel_seen (
    account_id BIGINT NOT NULL,
    problem TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, problem)
) {clustered};
