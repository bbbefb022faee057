//! What holds for every player, whoever asks for what and whatever players report.

use super::testing::{account, add, at, epoch, item_id, load_of, media, ms, report, watch_of};
use super::*;
use crate::Role;
use proptest::prelude::*;

/// One thing that happens, after a while.
#[derive(Clone, Debug)]
enum Happens {
    Asked { who: i64, role: Role, behind: u64, ask: Ask },
    Joined { who: i64, role: Role },
    Left { who: i64 },
    Reported { who: i64, behind: u64, report: Report },
    Ready { who: i64 },
    Nothing,
}

fn roles() -> impl Strategy<Value = Role> {
    proptest::sample::select(&Role::ALL[..])
}

fn asks() -> impl Strategy<Value = Ask> {
    let items = || (1..12_i64).prop_map(item_id);
    let who = || proptest::sample::select(vec![Who::Everyone, Who::Host, Who::Vote]);
    prop_oneof![
        (1_000..60_000_u64).prop_map(load_of),
        (0..20_000_u64).prop_map(|length| Ask::Load {
            media: media("https://a.example/x", Length::Unknown),
            start: ms(length)
        }),
        Just(Ask::Play),
        Just(Ask::Play),
        Just(Ask::Pause),
        (0..70_000_u64).prop_map(|to| Ask::Seek { to: ms(to) }),
        (0.25..2.0_f64).prop_map(|rate| Ask::SetRate { rate: Rate::parse(rate).unwrap() }),
        items().prop_map(|leaving| Ask::Next { leaving }),
        Just(add("https://a.example/q")),
        Just(add("https://a.example/q")),
        items().prop_map(|item| Ask::Remove { item }),
        (items(), proptest::option::of(items())).prop_map(|(item, before)| Ask::Move { item, before }),
        (items(), any::<bool>()).prop_map(|(item, on)| Ask::Vote { item, on }),
        (items(), any::<bool>()).prop_map(|(item, on)| Ask::VoteSkip { item, on }),
        (1..6_i64).prop_map(|to| Ask::HandOver { to: account(to) }),
        (any::<bool>(), who(), who(), any::<bool>()).prop_map(|(host, choice, queue, alone)| {
            Ask::SetControl {
                control: Control {
                    playback: if host { Hands::Host } else { Hands::Everyone },
                    choice,
                    queue,
                    patience: if alone { Patience::Alone } else { Patience::Together },
                },
            }
        }),
    ]
}

fn reports() -> impl Strategy<Value = Report> {
    let states = proptest::sample::select(PlayerState::ALL);
    let playing = prop_oneof![Just(PlayerState::Playing), Just(PlayerState::Buffering), states];
    (playing, -2_000..2_000_i32, 0..=10_000_u16, proptest::option::of(0..50_000_u64), 0..10_u8).prop_map(
        |(state, drift_ms, delay_ms, length, odd)| Report {
            drift_ms,
            delay_ms,
            length: length.map(ms),
            hidden: odd == 0,
            solo: odd == 1,
            ..report(Rev::START, state)
        },
    )
}

fn happens() -> impl Strategy<Value = (i64, Happens)> {
    let what = prop_oneof![
        4 => (1..6_i64, roles(), 0..3_u64, asks())
            .prop_map(|(who, role, behind, ask)| Happens::Asked { who, role, behind, ask }),
        1 => (1..6_i64, roles()).prop_map(|(who, role)| Happens::Joined { who, role }),
        1 => (1..6_i64).prop_map(|who| Happens::Left { who }),
        4 => (1..6_i64, 0..3_u64, reports())
            .prop_map(|(who, behind, report)| Happens::Reported { who, behind, report }),
        2 => (1..6_i64).prop_map(|who| Happens::Ready { who }),
        2 => Just(Happens::Nothing),
    ];
    (prop_oneof![0..300_i64, 0..5_000_i64], what)
}

fn seen(watch: &Watch, behind: u64) -> Rev {
    Rev::new(watch.play.rev.get().saturating_sub(behind))
}

/// Runs it all, checks each step, and gives back the log.
fn run(script: Vec<(i64, Happens)>) -> Result<(Watch, Vec<Change>), TestCaseError> {
    let mut watch = watch_of(epoch(1));
    let mut audience = Audience::new(at(0));
    let (mut log, mut now, mut waits) = (Vec::new(), 0, Vec::new());
    for (later, what) in script {
        now += later;
        match what {
            Happens::Asked { who, role, behind, ask } => {
                let viewer = Viewer { account: account(who), role };
                let command = Command { seen: seen(&watch, behind), ask };
                let allowed = control::allows(&watch, viewer, &command.ask);
                let decided = decide(&watch, &command, viewer, at(now));
                prop_assert!(allowed || decided == Err(Refused::NotAllowed));
                if let Ok(Some(change)) = decided {
                    step(&mut watch, &change, now)?;
                    log.push(change);
                }
            }
            Happens::Joined { who, role } => audience.join(account(who), role, at(now)),
            Happens::Left { who } => audience.leave(account(who), at(now)),
            Happens::Reported { who, behind, report } => {
                let rev = seen(&watch, behind);
                audience.report(account(who), Report { rev, ..report }, at(now));
            }
            Happens::Ready { who } => audience.ready(account(who), watch.play.rev, at(now)),
            Happens::Nothing => {}
        }
        let mut dues = 0;
        while let Some(change) = due(&watch, &audience, at(now)) {
            if let Change::Waited { whom, .. } = &change {
                waits.push((now, whom.clone()));
            }
            step(&mut watch, &change, now)?;
            log.push(change);
            dues += 1;
            prop_assert!(dues < 10, "what is due comes to an end: {:?}", &log[log.len() - 10..]);
        }
        let nothing_waits = !matches!(watch.play.phase, Phase::Preparing { .. });
        prop_assert!(nothing_waits || due_at(&watch, &audience, at(now)).is_some_and(|due| due > at(now)));
    }
    check_waits(&waits)?;
    Ok((watch, log))
}

/// One change: what must hold of every one.
fn step(watch: &mut Watch, change: &Change, now: i64) -> Result<(), TestCaseError> {
    let before = watch.clone();
    watch.apply(change);
    let grown = u64::from(change.play().is_some());
    prop_assert_eq!(watch.play.rev.get(), before.play.rev.get() + grown);
    prop_assert_ne!(&*watch, &before, "a change changes something: {:?}", change);
    prop_assert_eq!(watch.play.item, watch.current.as_ref().map(|item| item.id));
    prop_assert_eq!(watch.play.phase == Phase::Idle, watch.play.item.is_none());
    prop_assert!(watch.queue.entries().len() <= Queue::MOST);
    prop_assert!(watch.length().is_none_or(|length| watch.position(at(now)) <= length));
    if let Phase::Preparing { until } = watch.play.phase {
        prop_assert!(until.since(at(now)) <= wait::STALLED, "every wait has an end");
    }
    if watch.play.phase == Phase::Playing {
        prop_assert!(watch.play.at.since(at(now)).as_millis() <= 600);
        let mut last = watch.position(at(now));
        for later in [0, 1, 17, 100, 599, 1_000, 30_000, 100_000] {
            let next = watch.position(at(now + later));
            prop_assert!(next >= last);
            last = next;
        }
    }
    Ok(())
}

fn check_waits(waits: &[(i64, Vec<AccountId>)]) -> Result<(), TestCaseError> {
    for (first, whom) in waits {
        let near = |span: i64| waits.iter().filter(move |(at, _)| (*first..*first + span).contains(at));
        prop_assert!(near(60_000).count() <= 2);
        for who in whom {
            prop_assert_eq!(near(120_000).filter(|(_, others)| others.contains(who)).count(), 1);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_replay_gives_the_same_state(script in proptest::collection::vec(happens(), 0..150)) {
        let (watch, log) = run(script)?;
        let mut again = watch_of(epoch(1));
        log.iter().for_each(|change| again.apply(change));
        prop_assert_eq!(again, watch);
    }

    /// Whatever is reported: without a command nothing is loaded, and nobody's queue or settings change.
    #[test]
    fn reports_are_no_commands(script in proptest::collection::vec(happens(), 0..150)) {
        let script = script.into_iter().filter(|(_, what)| !matches!(what, Happens::Asked { .. })).collect();
        let (watch, log) = run(script)?;
        prop_assert_eq!(log, []);
        prop_assert_eq!(watch, watch_of(epoch(1)));
    }

    /// While a film plays, reports can stop it for a bounded time and nothing else: it is never moved.
    #[test]
    fn reports_never_move_a_film(script in proptest::collection::vec(happens(), 0..150)) {
        let film = Happens::Asked { who: 1, role: Role::Owner, behind: 0, ask: load_of(60_000_000) };
        let nothing_asked = script.into_iter().filter(|(_, what)| !matches!(what, Happens::Asked { .. }));
        let (_, log) = run([(0, film)].into_iter().chain(nothing_asked).collect())?;
        let mut last = 0;
        for play in log.iter().filter_map(Change::play) {
            prop_assert!(play.pos.as_millis() >= last);
            let goes_on = matches!(play.phase, Phase::Preparing { .. } | Phase::Playing);
            prop_assert!(goes_on, "{:?}", play.phase);
            last = play.pos.as_millis();
        }
    }
}
