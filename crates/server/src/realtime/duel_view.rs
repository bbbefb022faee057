//! Duels as clients see them: out of what the operations answer. What is hidden of a problem has no way through here.

use parlor_app::duel::challenge::Opened;
use parlor_app::duel::records::{Profile, Review, ReviewedRound, Status};
use parlor_app::duel::{
    Activity, DuelView, Finish, FoundBy, Happened, JobKind, JobNews, Line, Mine, Person, Problematic,
    Progress,
};
use parlor_core::duel::{DuelRank, Mode, Outcome, Phase, Presence, Round, RoundResult};
use parlor_core::{Author, DuelId};
use parlor_problems::{Argument, Example, Problem, Rank};
use parlor_store::duels::results::{Played, Point, Ranked};
use parlor_store::duels::{Edit, Submitted, Unranked};
use parlor_wire::account::Author as WireAuthor;
use parlor_wire::duel as wire;
use parlor_wire::judge::{Tier, Verdict};
use parlor_wire::time::Time;

pub(crate) fn duel(view: &DuelView) -> wire::Duel {
    let match_ = &view.duel;
    let written = view.finish.as_ref().zip(match_.outcome.as_ref());
    wire::Duel {
        id: view.id.into(),
        rev: match_.rev,
        now: view.now.into(),
        group: view.new.group.map(Into::into),
        owner: view.new.owner.map(Into::into),
        public: view.new.public,
        mode: match_.terms.mode.into(),
        language: match_.terms.language.map(Into::into),
        rounds: match_.terms.best_of.get(),
        minutes: match_.terms.minutes.get(),
        seats: match_.seats.get() as u32,
        phase: phase(view),
        players: players(view),
        spectators: view.spectators,
        round: match_.round.as_ref().map(|round| shown_round(view, round)),
        results: match_.results.iter().map(|result| round_result(view, result)).collect(),
        outcome: written.map(|(finish, ended)| outcome(finish, ended)),
        rematch: view.rematch.map(Into::into),
    }
}

pub(crate) fn opened(opened: &Opened) -> wire::DuelOpened {
    let id = opened.view.id;
    wire::DuelOpened {
        duel: duel(&opened.view),
        mine: opened.mine.as_ref().map(mine),
        lines: opened.lines.iter().map(|one| line(id, one)).collect(),
    }
}

/// While its result is being written down, a duel is not over for anybody.
fn phase(view: &DuelView) -> wire::DuelPhase {
    match view.duel.phase {
        Phase::Open { .. } => wire::DuelPhase::Open,
        Phase::Countdown => wire::DuelPhase::Countdown,
        Phase::Running => wire::DuelPhase::Running,
        Phase::Over if view.finish.is_some() => wire::DuelPhase::Over,
        Phase::Judging | Phase::Over => wire::DuelPhase::Judging,
        Phase::Pause { .. } => wire::DuelPhase::Pause,
    }
}

fn players(view: &DuelView) -> Vec<wire::DuelPlayer> {
    let players = view.duel.players.iter().zip(&view.people).zip(&view.progress);
    players
        .map(|((player, person), done)| wire::DuelPlayer {
            account: (&person.author).into(),
            xp: person.rating.xp,
            rank: DuelRank::of(person.rating.xp).into(),
            rating: person.rating.rating,
            won: player.won,
            presence: player.presence.into(),
            away_until: match player.presence {
                Presence::Away { until } => Some(until.into()),
                _ => None,
            },
            progress: progress(view.id, done),
            records: player.records,
            ready: player.ready,
            rematch: player.rematch,
            abort: player.abort,
        })
        .collect()
}

pub(crate) fn progress(duel: DuelId, progress: &Progress) -> wire::DuelProgress {
    wire::DuelProgress {
        duel: duel.into(),
        round: progress.round,
        player: progress.player.into(),
        activity: match progress.activity {
            Activity::Idle => wire::DuelActivity::Idle,
            Activity::Typing => wire::DuelActivity::Typing,
            Activity::Running => wire::DuelActivity::Running,
            Activity::Judged => wire::DuelActivity::Judged,
            Activity::Solved => wire::DuelActivity::Solved,
        },
        passed: progress.passed,
        total: progress.total,
        verdict: progress.verdict.map(Into::into),
        submits: progress.submits,
    }
}

fn shown_round(view: &DuelView, round: &Round) -> wire::DuelRound {
    let is_over = view.duel.results.iter().any(|result| result.number == round.number);
    let shown = view.problems.get(round.number as usize - 1);
    wire::DuelRound {
        number: round.number,
        starts_at: round.starts_at.into(),
        ends_at: round.ends_at.into(),
        next_at: match view.duel.phase {
            Phase::Pause { until } => Some(until.into()),
            _ => None,
        },
        problem: shown.map(|one| problem(one, view.duel.terms.mode == Mode::Reverse && !is_over)),
    }
}

fn round_result(view: &DuelView, result: &RoundResult) -> wire::DuelRoundResult {
    let problem = view.problems.get(result.number as usize - 1);
    wire::DuelRoundResult {
        number: result.number,
        winner: result.winner.map(Into::into),
        reason: result.ending.into(),
        problem: problem.map(|problem| problem.id.clone()).unwrap_or_default(),
        title: problem.map(|problem| problem.title.clone()).unwrap_or_default(),
        places: result.places.iter().map(Into::into).collect(),
    }
}

fn outcome(finish: &Finish, ended: &Outcome) -> wire::DuelOutcome {
    let place = |place: &parlor_core::duel::Place| {
        let did = finish.players.iter().find(|player| player.account == place.player);
        let (xp, rating) = did.map_or(([0; 2], [0.0; 2]), |did| (did.xp, did.rating));
        wire::DuelPlace::new(place, xp, rating)
    };
    wire::DuelOutcome {
        at: ended.at.into(),
        reason: ended.ending.into(),
        winner: ended.winner.map(Into::into),
        places: ended.places.iter().map(place).collect(),
        unranked: finish.unranked.map(unranked),
    }
}

fn unranked(why: Unranked) -> wire::DuelUnranked {
    match why {
        Unranked::Void => wire::DuelUnranked::Void,
        Unranked::Guest => wire::DuelUnranked::Guest,
        Unranked::TooOften => wire::DuelUnranked::TooOften,
    }
}

pub(crate) fn over(view: &DuelView) -> Option<wire::DuelOver> {
    let (finish, ended) = view.finish.as_ref().zip(view.duel.outcome.as_ref())?;
    Some(wire::DuelOver { duel: view.id.into(), outcome: outcome(finish, ended) })
}

fn mine(mine: &Mine) -> wire::DuelMine {
    wire::DuelMine {
        code: mine.code.as_ref().map(|(code, _)| code.as_str().into()),
        language: mine.code.as_ref().map(|(_, language)| (*language).into()),
        submissions: mine
            .submissions
            .iter()
            .map(|one| wire::DuelSubmission {
                job: one.job,
                at: one.at.into(),
                verdict: one.verdict.map(Into::into),
                passed: one.passed,
                total: one.total,
            })
            .collect(),
    }
}

pub(crate) fn line(duel: DuelId, line: &Line) -> wire::DuelLine {
    wire::DuelLine {
        duel: duel.into(),
        by: (&line.by).into(),
        at: line.at.into(),
        text: line.text.as_str().into(),
    }
}

/// What a player may see of a problem; with `riddle`, only what it gives for what.
pub(crate) fn problem(problem: &Problem, riddle: bool) -> wire::DuelProblem {
    let signature = &problem.signature;
    let argument = |argument: &Argument| wire::DuelArgument {
        name: argument.name.clone(),
        value_type: argument.value_type.to_string(),
    };
    let example = |example: &Example| wire::DuelExample {
        call: example.call.clone(),
        expected: serde_json::to_string(&example.case.expected).unwrap_or_default(),
        explanation: (!riddle).then(|| example.explanation.clone()),
    };
    let names: Vec<&str> = signature.arguments.iter().map(|argument| argument.name.as_str()).collect();
    let (name, names) = (&signature.name, names.join(", "));
    wire::DuelProblem {
        id: problem.id.clone(),
        title: problem.title.clone(),
        rank: rank(problem.rank),
        statement: (!riddle).then(|| problem.statement.clone()),
        signature: wire::DuelSignature {
            name: name.clone(),
            arguments: signature.arguments.iter().map(argument).collect(),
            returns: signature.returns.to_string(),
        },
        examples: problem.examples.iter().map(example).collect(),
        hidden_tests: problem.hidden.len() as u32,
        cpu_ms: problem.limits.cpu_ms,
        memory_mb: problem.limits.memory_mb,
        starters: wire::DuelStarters {
            javascript: format!("function {name}({names}) {{\n  \n}}\n"),
            python: format!("def {name}({names}):\n    pass\n"),
        },
    }
}

fn rank(rank: Rank) -> wire::Rank {
    match rank {
        Rank::Bronze => wire::Rank::Bronze,
        Rank::Silver => wire::Rank::Silver,
        Rank::Gold => wire::Rank::Gold,
        Rank::Platinum => wire::Rank::Platinum,
    }
}

pub(crate) fn verdict(duel: DuelId, news: &JobNews) -> wire::DuelVerdict {
    let what = match &news.what {
        Happened::Queued(position) => wire::DuelVerdictWhat::Queued { position: *position },
        Happened::Started => wire::DuelVerdictWhat::Started,
        Happened::Test { number, verdict, us, value, output, error } => wire::DuelVerdictWhat::Test {
            number: *number,
            verdict: *verdict,
            us: *us,
            value: value.as_deref().map(Into::into),
            output: output.as_deref().map(Into::into),
            error: error.as_ref().map(program_error),
        },
        Happened::Done { verdict, passed, total, cpu_ms, peak_mb, error } => wire::DuelVerdictWhat::Done {
            verdict: *verdict,
            passed: *passed,
            total: *total,
            cpu_ms: *cpu_ms,
            peak_mb: *peak_mb,
            error: error.as_ref().map(program_error),
        },
    };
    let kind = match news.kind {
        JobKind::Run => wire::DuelJob::Run,
        JobKind::Submit => wire::DuelJob::Submit,
    };
    wire::DuelVerdict { duel: duel.into(), round: news.round, job: news.job, kind, what }
}

fn program_error(error: &Problematic) -> wire::DuelError {
    wire::DuelError { message: error.message.as_str().into(), line: error.line }
}

pub(crate) fn found_by(by: FoundBy) -> wire::DuelFoundBy {
    match by {
        FoundBy::Seek => wire::DuelFoundBy::Seek,
        FoundBy::Challenge => wire::DuelFoundBy::Challenge,
        FoundBy::Rematch => wire::DuelFoundBy::Rematch,
    }
}

pub(crate) fn card(view: &DuelView) -> wire::DuelCard {
    let author = |person: &Person| WireAuthor::from(&person.author);
    wire::DuelCard {
        id: view.id.into(),
        group: view.new.group.map(Into::into),
        owner: view.new.owner.map(Into::into),
        mode: view.duel.terms.mode.into(),
        language: view.duel.terms.language.map(Into::into),
        rounds: view.duel.terms.best_of.get(),
        minutes: view.duel.terms.minutes.get(),
        seats: view.duel.seats.get() as u32,
        players: view.people.iter().map(author).collect(),
        phase: phase(view),
        round: view.duel.round.as_ref().map_or(0, |round| round.number),
        spectators: view.spectators,
        created_at: view.new.at.into(),
    }
}

pub(crate) fn review(review: &Review) -> wire::DuelReview {
    wire::DuelReview {
        duel: duel(&review.view),
        rounds: review.rounds.iter().map(reviewed).collect(),
        replay: review.replay,
    }
}

fn reviewed(round: &ReviewedRound) -> wire::DuelReviewRound {
    let result = &round.stored.result;
    wire::DuelReviewRound {
        result: wire::DuelRoundResult {
            number: result.number,
            winner: result.winner.map(Into::into),
            reason: result.ending.into(),
            problem: round.stored.problem.clone(),
            title: round.stored.title.clone(),
            places: result.places.iter().map(Into::into).collect(),
        },
        problem: round.problem.as_ref().map(|one| problem(one, false)),
        solutions: round.submitted.iter().map(solution).collect(),
    }
}

fn solution(one: &Submitted) -> wire::DuelSolution {
    wire::DuelSolution {
        player: one.by.into(),
        at_ms: one.at_ms,
        language: one.language.into(),
        code: one.source.as_str().into(),
        verdict: one.verdict.map(Verdict::from),
        passed: one.passed,
        total: one.total,
        cpu_ms: one.cpu_ms,
    }
}

pub(crate) fn edit(edit: &Edit) -> wire::DuelEdit {
    wire::DuelEdit {
        round: edit.round,
        player: edit.by.into(),
        at_ms: edit.at_ms,
        language: edit.language.into(),
        code: edit.source.as_str().into(),
    }
}

pub(crate) fn leaderboard_row(place: u64, ranked: &Ranked) -> wire::LeaderboardRow {
    let rating = &ranked.rating;
    wire::LeaderboardRow {
        place,
        account: (&Author { id: rating.account, name: ranked.name.clone() }).into(),
        xp: rating.xp,
        rank: DuelRank::of(rating.xp).into(),
        wins: rating.wins,
        losses: rating.losses,
        draws: rating.draws,
        rating: rating.rating,
        deviation: rating.deviation,
    }
}

pub(crate) fn profile(profile: &Profile) -> wire::DuelProfile {
    let rating = &profile.rating;
    wire::DuelProfile {
        account: (&profile.author).into(),
        xp: rating.xp,
        rank: DuelRank::of(rating.xp).into(),
        wins: rating.wins,
        losses: rating.losses,
        draws: rating.draws,
        rating: rating.rating,
        deviation: rating.deviation,
        ratings: profile.points.iter().map(point).collect(),
        history: profile
            .history
            .items
            .iter()
            .map(|(played, seen)| history_item(rating, played, *seen))
            .collect(),
        next: profile.history.next.map(|next| next.to_string()),
    }
}

fn point(point: &Point) -> wire::RatingPoint {
    wire::RatingPoint { at: point.at.into(), rating: point.rating, deviation: point.deviation, xp: point.xp }
}

fn history_item(
    of: &parlor_store::duels::results::Rating,
    played: &Played,
    is_seen: bool,
) -> wire::DuelHistoryItem {
    let opponents = played.opponents.iter().filter(|_| is_seen);
    wire::DuelHistoryItem {
        duel: is_seen.then(|| played.duel.into()),
        at: Time::from(played.ended.at),
        mode: played.mode.into(),
        opponents: opponents
            .map(|(id, name)| WireAuthor::from(&Author { id: *id, name: name.clone() }))
            .collect(),
        place: played.place,
        won: played.ended.winner.map(|winner| winner == of.account),
        reason: played.ended.ending.into(),
        unranked: played.ended.unranked.map(unranked),
        rating_change: played.rating[1] - played.rating[0],
        xp_change: played.xp[1] as i32 - played.xp[0] as i32,
    }
}

pub(crate) fn status(status: &Status) -> wire::DuelStatus {
    let tier: Option<Tier> = status.hello.as_ref().and_then(|hello| hello.tier);
    let languages = status.hello.iter().flat_map(|hello| &hello.languages);
    wire::DuelStatus {
        available: status.reason.is_none(),
        reason: status.reason.clone(),
        tier,
        languages: languages
            .map(|one| wire::DuelLanguage {
                language: one.language,
                version: one.version.clone(),
                missing: one.missing.clone(),
            })
            .collect(),
        problems: status
            .problems
            .iter()
            .map(|(rank, count)| wire::ProblemCount { rank: (*rank).into(), count: *count })
            .collect(),
        seeking: status.seeking,
        running: status.running,
    }
}
