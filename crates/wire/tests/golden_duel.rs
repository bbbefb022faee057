//! The shapes of duels have golden files: what is written today, and must still be read tomorrow.
//! `PARLOR_WRITE=1 cargo test -p parlor-wire` writes missing or changed ones anew; a change is a change of the interface.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use parlor_wire::account::Author;
use parlor_wire::duel::{
    Duel, DuelActivity, DuelArgument, DuelCard, DuelChallenge, DuelEdit, DuelEnding, DuelError, DuelExample,
    DuelFound, DuelFoundBy, DuelHistoryItem, DuelJob, DuelLanguage, DuelLine, DuelMine, DuelMode, DuelOpened,
    DuelOutcome, DuelOver, DuelPhase, DuelPlace, DuelPlayer, DuelPresence, DuelProblem, DuelProfile,
    DuelProgress, DuelQueued, DuelReacted, DuelReplay, DuelReview, DuelReviewRound, DuelRound,
    DuelRoundEnding, DuelRoundPlace, DuelRoundResult, DuelRun, DuelSeek, DuelSignature, DuelSolution,
    DuelSought, DuelStarters, DuelStatus, DuelSubmission, DuelVerdict, DuelVerdictWhat, Duels, Leaderboard,
    LeaderboardRow, ProblemCount, Rank, RatingPoint,
};
use parlor_wire::judge::{Language, Tier, Verdict};
use parlor_wire::number::Id;
use parlor_wire::socket::Ack;
use parlor_wire::time::Time;

#[test]
fn a_match() {
    golden("duel_open", &Duel { phase: DuelPhase::Open, round: None, results: Vec::new(), ..duel() });
    golden("duel_running", &duel());
    let over = Duel { phase: DuelPhase::Over, outcome: Some(outcome()), rematch: Some(Id(6)), ..duel() };
    golden("duel_ended", &over);
    golden("duel_over", &DuelOver { duel: Id(5), outcome: outcome() });
    golden("duel_found", &DuelFound { duel: Id(5), by: DuelFoundBy::Seek });
}

#[test]
fn what_is_asked_and_answered() {
    golden(
        "duel_seek",
        &DuelSeek { mode: DuelMode::Fastest, language: None, rounds: Some(3), minutes: None },
    );
    golden(
        "duel_challenge",
        &DuelChallenge {
            group: Id(7),
            players: Some(4),
            rounds: 3,
            mode: DuelMode::Shortest,
            minutes: 10,
            language: Some(Language::JavaScript),
            public: true,
        },
    );
    let run = DuelRun {
        duel: Id(5),
        code: "def last(xs): return xs[-1]".into(),
        language: Language::Python,
        call: Some("last([1, 2])".into()),
    };
    golden("duel_run", &run);
    golden("ack_duel_sought", &Ack::ok(DuelSought { since: Some(time()), duel: None }));
    golden("ack_duel_queued", &Ack::ok(DuelQueued { job: 12, position: 1 }));
    let submission =
        DuelSubmission { job: 12, at: time(), verdict: Some(Verdict::WrongAnswer), passed: 3, total: 12 };
    let mine = DuelMine {
        code: Some("def last(xs): pass".into()),
        language: Some(Language::Python),
        submissions: vec![submission],
    };
    golden("ack_duel_opened", &Ack::ok(DuelOpened { duel: duel(), mine: Some(mine), lines: vec![line()] }));
}

#[test]
fn what_becomes_of_a_program() {
    let error = || DuelError { message: "IndexError: list index out of range".into(), line: Some(1) };
    for (name, kind, what) in [
        ("queued", DuelJob::Submit, DuelVerdictWhat::Queued { position: 1 }),
        ("started", DuelJob::Submit, DuelVerdictWhat::Started),
        ("hidden_test", DuelJob::Submit, test(3, Verdict::Accepted, None, None)),
        ("shown_test", DuelJob::Run, test(4, Verdict::Shown, Some("[1, 2]"), None)),
        ("failed_test", DuelJob::Run, test(2, Verdict::RuntimeError, None, Some(error()))),
        (
            "done",
            DuelJob::Submit,
            DuelVerdictWhat::Done {
                verdict: Verdict::Accepted,
                passed: 12,
                total: 12,
                cpu_ms: 9,
                peak_mb: 11,
                error: None,
            },
        ),
    ] {
        let verdict = DuelVerdict { duel: Id(5), round: 1, job: 12, kind, what };
        golden(&format!("duel_verdict_{name}"), &verdict);
    }
    golden("duel_progress", &progress(3, DuelActivity::Judged));
}

#[test]
fn what_is_said() {
    golden("duel_said", &line());
    golden("duel_reacted", &DuelReacted { duel: Id(5), by: by(3, "Ada"), emoji: "🎉".to_owned() });
}

#[test]
fn what_is_left() {
    let card = DuelCard {
        id: Id(5),
        group: Some(Id(7)),
        owner: Some(Id(3)),
        mode: DuelMode::Fastest,
        language: None,
        rounds: 3,
        minutes: 10,
        seats: 2,
        players: vec![by(3, "Ada")],
        phase: DuelPhase::Open,
        round: 0,
        spectators: 0,
        created_at: time(),
    };
    golden("duels", &Duels { duels: vec![card], next: None });
    let solution = DuelSolution {
        player: Id(3),
        at_ms: 61_000,
        language: Language::Python,
        code: "def last(xs): return xs[-1]".into(),
        verdict: Some(Verdict::Accepted),
        passed: 12,
        total: 12,
        cpu_ms: 9,
    };
    let round = DuelReviewRound { result: result(), problem: Some(problem()), solutions: vec![solution] };
    golden("duel_review", &DuelReview { duel: duel(), rounds: vec![round], replay: true });
    let edit = DuelEdit {
        round: 1,
        player: Id(3),
        at_ms: 1_500,
        language: Language::Python,
        code: "def last".into(),
    };
    golden("duel_replay", &DuelReplay { edits: vec![edit] });
    let row = LeaderboardRow {
        place: 1,
        account: by(3, "Ada"),
        xp: 260,
        rank: Rank::Silver,
        wins: 26,
        losses: 3,
        draws: 1,
        rating: 1733.25,
        deviation: 70.5,
    };
    golden("leaderboard", &Leaderboard { players: vec![row], next: Some("1".to_owned()) });
    let item = DuelHistoryItem {
        duel: Some(Id(5)),
        at: time(),
        mode: DuelMode::Reverse,
        opponents: vec![by(4, "Grace")],
        place: Some(1),
        won: Some(true),
        reason: DuelEnding::Won,
        unranked: None,
        rating_change: 12.5,
        xp_change: 10,
    };
    golden(
        "duel_profile",
        &DuelProfile {
            account: by(3, "Ada"),
            xp: 260,
            rank: Rank::Silver,
            wins: 26,
            losses: 3,
            draws: 1,
            rating: 1733.25,
            deviation: 70.5,
            ratings: vec![RatingPoint { at: time(), rating: 1733.25, deviation: 70.5, xp: 260 }],
            history: vec![item],
            next: None,
        },
    );
    golden(
        "duel_status",
        &DuelStatus {
            available: true,
            reason: None,
            tier: Some(Tier::Namespaces),
            languages: vec![DuelLanguage {
                language: Language::JavaScript,
                version: Some("QuickJS 2025-04-26".to_owned()),
                missing: None,
            }],
            problems: vec![ProblemCount { rank: Rank::Bronze, count: 15 }],
            seeking: 1,
            running: 2,
        },
    );
}

fn duel() -> Duel {
    Duel {
        id: Id(5),
        rev: 9,
        now: time(),
        group: Some(Id(7)),
        owner: Some(Id(3)),
        public: false,
        mode: DuelMode::Fastest,
        language: None,
        rounds: 3,
        minutes: 10,
        seats: 2,
        phase: DuelPhase::Running,
        players: vec![
            player(3, "Ada", DuelPresence::Here, None),
            player(4, "Grace", DuelPresence::Away, Some(time())),
        ],
        spectators: 1,
        round: Some(DuelRound {
            number: 2,
            starts_at: time(),
            ends_at: time(),
            next_at: None,
            problem: Some(problem()),
        }),
        results: vec![result()],
        outcome: None,
        rematch: None,
    }
}

fn player(id: i64, name: &str, presence: DuelPresence, away_until: Option<Time>) -> DuelPlayer {
    DuelPlayer {
        account: by(id, name),
        xp: 250,
        rank: Rank::Bronze,
        rating: 1500.0,
        won: 1,
        presence,
        away_until,
        progress: progress(id, DuelActivity::Idle),
        records: true,
        ready: false,
        rematch: false,
        abort: false,
    }
}

fn progress(player: i64, activity: DuelActivity) -> DuelProgress {
    DuelProgress {
        duel: Id(5),
        round: 2,
        player: Id(player),
        activity,
        passed: 3,
        total: 12,
        verdict: Some(Verdict::WrongAnswer),
        submits: 1,
    }
}

fn problem() -> DuelProblem {
    DuelProblem {
        id: "last-one".to_owned(),
        title: "The last one".to_owned(),
        rank: Rank::Bronze,
        statement: Some("Return the last of `xs`.".to_owned()),
        signature: DuelSignature {
            name: "last".to_owned(),
            arguments: vec![DuelArgument { name: "xs".to_owned(), value_type: "int[]".to_owned() }],
            returns: "int".to_owned(),
        },
        examples: vec![DuelExample {
            call: "last([1, 2])".to_owned(),
            expected: "2".to_owned(),
            explanation: None,
        }],
        hidden_tests: 12,
        cpu_ms: 2_000,
        memory_mb: 128,
        starters: DuelStarters {
            javascript: "function last(xs) {\n}\n".to_owned(),
            python: "def last(xs):\n    pass\n".to_owned(),
        },
    }
}

fn result() -> DuelRoundResult {
    DuelRoundResult {
        number: 1,
        winner: Some(Id(3)),
        reason: DuelRoundEnding::Solved,
        problem: "last-one".to_owned(),
        title: "The last one".to_owned(),
        places: vec![DuelRoundPlace {
            player: Id(3),
            place: 1,
            passed: 12,
            total: 12,
            wrong: 1,
            solved_ms: Some(61_000),
            length: Some(27),
        }],
    }
}

fn outcome() -> DuelOutcome {
    DuelOutcome {
        at: time(),
        reason: DuelEnding::Won,
        winner: Some(Id(3)),
        places: vec![DuelPlace {
            player: Id(3),
            place: 1,
            won: 2,
            xp_before: 250,
            xp: 260,
            rating_before: 1500.0,
            rating: 1662.25,
        }],
        unranked: None,
    }
}

fn test(number: u32, verdict: Verdict, value: Option<&str>, error: Option<DuelError>) -> DuelVerdictWhat {
    let shown = value.is_some() || error.is_some();
    DuelVerdictWhat::Test {
        number,
        verdict,
        us: 812,
        value: value.map(Into::into),
        output: shown.then(|| "hello\n".into()),
        error,
    }
}

fn line() -> DuelLine {
    DuelLine { duel: Id(5), by: by(3, "Ada"), at: time(), text: "good luck".into() }
}

fn by(id: i64, name: &str) -> Author {
    Author { id: Id(id), name: name.to_owned() }
}

fn time() -> Time {
    Time::from_ms(1_795_168_800_123)
}

fn golden<T: serde::Serialize + serde::de::DeserializeOwned>(name: &str, value: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.json"));
    let made = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("PARLOR_WRITE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(made, kept, "{name}");
    let read: T = serde_json::from_str(&kept).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(serde_json::to_string_pretty(&read).unwrap() + "\n", kept, "{name}");
}
