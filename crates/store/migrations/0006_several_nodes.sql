-- The time of the newest event: the clocks of nodes differ, and time does not go back within a group.
ALTER TABLE heads ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;

-- How far a copy of another database into this one has come, see copy.rs; empty but for then.
CREATE TABLE copy_progress (
    name TEXT NOT NULL PRIMARY KEY,
    -- The key of the last row that is here, as a JSON array; NULL where the table is here as a whole.
    last_key TEXT
);
