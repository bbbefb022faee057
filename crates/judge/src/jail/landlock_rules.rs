//! Which files a program may touch, said to Landlock: the interpreter's, read-only; only the interpreter and its
//! loader can be executed. Also no TCP and no signals out, where the kernel knows these.
//!
//! In tier 2 this is what hides the machine's files, so the kernel must know at least ABI 3 (Linux 6.2: files cannot
//! be truncated either). In tier 1 it is a second lock, put on as far as the kernel has it.

use super::order::Python;
use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, PathBeneath, PathFd,
    RestrictionStatus, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus,
    Scope,
};
use parlor_wire::judge::Tier;
use std::path::Path;

/// The newest interface whose rights are used.
const NEWEST: ABI = ABI::V6;

/// Restricts this process.
///
/// # Errors
/// A sentence; in tier 2 also when the kernel has no Landlock or too old a one.
pub(super) fn apply(tier: Tier, python: Option<&Python>) -> Result<(), String> {
    let status = restrict(tier, python).map_err(|error| match error {
        RulesetError::HandleAccesses(_) | RulesetError::CreateRuleset(_) => {
            "not in this kernel, or older than ABI 3".to_owned()
        }
        other => other.to_string(),
    })?;
    if tier == Tier::Landlock && status.ruleset == RulesetStatus::NotEnforced {
        return Err("not enforced by this kernel".to_owned());
    }
    Ok(())
}

fn restrict(tier: Tier, python: Option<&Python>) -> Result<RestrictionStatus, RulesetError> {
    let needed = if tier == Tier::Landlock { CompatLevel::HardRequirement } else { CompatLevel::BestEffort };
    let mut rules = Ruleset::default()
        .set_compatibility(needed)
        .handle_access(AccessFs::from_all(ABI::V3))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    if let Some(python) = python {
        let folder = AccessFs::ReadFile | AccessFs::ReadDir;
        for path in &python.folders {
            if let Ok(path) = PathFd::new(path) {
                rules = rules.add_rule(PathBeneath::new(path, folder))?;
            }
        }
        if let Ok(cache) = PathFd::new("/etc/ld.so.cache") {
            rules = rules.add_rule(PathBeneath::new(cache, AccessFs::ReadFile))?;
        }
        let loader = python.loader.iter().map(|(name, _)| name.as_path());
        for path in loader.chain([Path::new(&python.program)]) {
            if let Ok(path) = PathFd::new(path) {
                rules = rules.add_rule(PathBeneath::new(path, AccessFs::ReadFile | AccessFs::Execute))?;
            }
        }
    }
    rules.restrict_self()
}
