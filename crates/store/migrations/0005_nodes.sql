-- Several nodes on one database.

-- What they have in common and nobody else: one row.
CREATE TABLE family (
    one {key},
    id BIGINT NOT NULL
);

-- Those that live, or have died a moment ago.
CREATE TABLE nodes (
    -- What it is called among the nodes: another number at each start.
    id {key},
    -- Goes up every few seconds. Others see by their own clocks whether it still does: clocks of nodes differ.
    beats BIGINT NOT NULL
);
