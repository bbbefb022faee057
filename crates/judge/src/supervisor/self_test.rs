//! Finds out which tier works here, by trying to break out of each: a kernel that has a call may still refuse it, and a
//! lock that was put on may still not hold. What escapes or fails is named; nothing is judged in a tier that did not pass.

use super::find_python::find_python;
use super::slot::{Slots, in_jail};
use crate::jail::canary::Canary;
use crate::jail::order::{Order, Program, Python};
use parlor_wire::judge::{Event, Language, LanguageState, Limits, Mode, Outcome, Stop, Tier, Value};
use std::path::Path;

/// What this machine can do.
pub(super) struct Found {
    pub(super) tier: Option<Tier>,
    /// Why a better tier, or any, does not work.
    pub(super) reasons: Vec<String>,
    pub(super) languages: Vec<LanguageState>,
    pub(super) python: Option<Python>,
}

const CANARIES: [Canary; 6] =
    [Canary::Reach, Canary::Shell, Canary::ForeignCall, Canary::Flood, Canary::Spin, Canary::Memory];

/// Tries the tiers from the best on, then the languages in the one that holds.
pub(super) fn find_out(best: Option<Tier>, python: Option<&Path>, slots: &Slots) -> Found {
    let python = find_python(python);
    let tiers: &[Tier] = match best {
        Some(Tier::Landlock) => &[Tier::Landlock],
        _ => &[Tier::Namespaces, Tier::Landlock],
    };
    let trial = Trial { core: slots.core(0), python: python.as_ref().ok() };
    let mut reasons = Vec::new();
    let tier = tiers.iter().copied().find(|tier| match trial.tier(*tier) {
        Ok(()) => true,
        Err(reason) => {
            reasons.push(format!("{}: {reason}{}", name(*tier), settings_against(*tier)));
            false
        }
    });
    let Some(tier) = tier else { return Found { tier, reasons, languages: Vec::new(), python: None } };
    let javascript = trial.language(tier, Program::JavaScript("const f = (x) => x + 1".to_owned()));
    let python = python.clone().and_then(|python| {
        let program = Program::Python("def f(x): return x + 1".to_owned(), python.clone());
        trial.language(tier, program).map(|()| python)
    });
    let languages = vec![
        state(Language::JavaScript, javascript.map(|()| "QuickJS".to_owned())),
        state(Language::Python, python.as_ref().map(|python| python.version.clone()).map_err(Clone::clone)),
    ];
    Found { tier: Some(tier), reasons, languages, python: python.ok() }
}

/// The system's settings that are known to forbid a tier, so that whoever runs it need not search.
fn settings_against(tier: Tier) -> String {
    const AGAINST_NAMESPACES: [(&str, &str); 3] = [
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
        ("/proc/sys/kernel/unprivileged_userns_clone", "0"),
        ("/proc/sys/user/max_user_namespaces", "0"),
    ];
    if tier != Tier::Namespaces {
        return String::new();
    }
    let is_set =
        |(path, value): &&(&str, &str)| std::fs::read_to_string(path).is_ok_and(|text| text.trim() == *value);
    let set = AGAINST_NAMESPACES.iter().filter(is_set);
    set.map(|(path, value)| format!(" ({path} is {value})")).collect()
}

fn name(tier: Tier) -> &'static str {
    match tier {
        Tier::Namespaces => "namespaces",
        Tier::Landlock => "Landlock without namespaces",
    }
}

fn state(language: Language, found: Result<String, String>) -> LanguageState {
    let (version, missing) = match found {
        Ok(version) => (Some(version), None),
        Err(missing) => (None, Some(missing)),
    };
    LanguageState { language, version, missing }
}

struct Trial<'a> {
    core: usize,
    python: Option<&'a Python>,
}

impl Trial<'_> {
    fn tier(&self, tier: Tier) -> Result<(), String> {
        for canary in CANARIES {
            self.canary(tier, canary, self.python)?;
        }
        // An interpreter is locked in wider than the embedded engine, whose own locks are tried where both are used.
        if self.python.is_some() {
            self.canary(tier, Canary::Reach, None)?;
            self.canary(tier, Canary::ForeignCall, None)?;
        }
        Ok(())
    }

    fn canary(&self, tier: Tier, canary: Canary, python: Option<&Python>) -> Result<(), String> {
        let program = Program::Canary(canary, python.cloned());
        let limits = Limits { cpu_ms: if canary == Canary::Spin { 30 } else { 2_000 }, memory_mb: 16 };
        let (stop, value) = self.run(tier, program, limits, vec![]);
        match (canary, &stop) {
            (_, Stop::Fault(fault)) => Err(fault.clone()),
            (Canary::Reach | Canary::Shell, Stop::Finished) => match value {
                Some(Value::List(reached)) if reached.is_empty() => Ok(()),
                Some(Value::List(reached)) => Err(format!("did not stop {}", named(&reached))),
                other => Err(format!("the attempt to break out answered {other:?}")),
            },
            (Canary::Memory, Stop::Finished) if value == Some(Value::List(vec![])) => Ok(()),
            (Canary::Memory, Stop::MemoryLimit)
            | (Canary::Spin, Stop::CpuLimit)
            | (Canary::Flood, Stop::OutputLimit)
            | (Canary::ForeignCall, Stop::Forbidden) => Ok(()),
            (canary, stop) => Err(format!("the attempt {canary:?} ended as {stop:?}")),
        }
    }

    fn language(&self, tier: Tier, program: Program) -> Result<(), String> {
        match self.run(tier, program, Limits::default(), vec![Value::Int(41)]) {
            (Stop::Finished, Some(Value::Int(42))) => Ok(()),
            (stop, value) => Err(format!("a first program ended as {stop:?} with {value:?}")),
        }
    }

    fn run(&self, tier: Tier, program: Program, limits: Limits, test: Vec<Value>) -> (Stop, Option<Value>) {
        let order = Order {
            tier,
            slot: 0,
            core: self.core,
            program,
            function: "f".to_owned(),
            tests: vec![test],
            limits,
            mode: Mode::All,
        };
        let (mut value, mut held) = (None, None);
        let done = in_jail(
            &order,
            |stdin| held = Some(stdin),
            |event| {
                if let Event::Test(result) = event
                    && let Outcome::Value(returned) = result.outcome
                {
                    value = Some(returned);
                }
            },
        );
        drop(held);
        (done.stop, value)
    }
}

fn named(reached: &[Value]) -> String {
    let names: Vec<_> = reached
        .iter()
        .map(|name| match name {
            Value::Text(name) => name.clone(),
            other => format!("{other:?}"),
        })
        .collect();
    names.join(", ")
}
