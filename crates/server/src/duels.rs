//! Starts what duels need beside the operations: the judge, the problems, and what writes more of them. Both take a moment, and the server does not
//! wait for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parlor_app::App;
use parlor_app::duel::JudgeState;
use parlor_judge::client::{Judge, Options};
use parlor_problems::{Problem, embedded, folder};

use crate::config::{AiSettings, DuelSettings};
use crate::problem_writer::ProblemWriter;

/// Starts both in a task of its own; until then nobody can begin a duel.
pub fn start(app: App, settings: DuelSettings, service: Option<AiSettings>) {
    tokio::spawn(async move {
        if !settings.on {
            let reason = "code duels are turned off in this server's settings";
            app.open_duels(Vec::new(), JudgeState::Off(reason.to_owned()));
            return;
        }
        let own = settings.problems;
        let read = tokio::task::spawn_blocking(move || problems(own.as_deref()));
        let judge = start_judge(settings.python).await;
        let problems = read.await.expect("reading problems does not panic");
        if let Err(error) = app.load_generated_problems().await {
            tracing::error!(error = %error, "the generated problems can not be read");
        }
        app.open_duels(problems, judge);
        if let Some(service) = service {
            app.set_problem_source(Arc::new(ProblemWriter::new(&service)));
        }
    });
}

async fn start_judge(python: Option<PathBuf>) -> JudgeState {
    match Judge::start(Options { python, ..Options::this_program() }).await {
        Ok(judge) => {
            let hello = judge.hello();
            for language in hello.languages.iter().filter_map(|language| language.missing.as_ref()) {
                tracing::warn!(reason = language, "a language of code duels is missing");
            }
            let tier = hello.tier.map(|tier| format!("{tier:?}").to_lowercase());
            tracing::info!(tier, slots = hello.slots, "code duels can be judged");
            JudgeState::Ready(judge)
        }
        Err(error) => {
            // The error names each lock and why it does not hold.
            let reason = format!("{error}; see docs/judge.md");
            tracing::warn!("{reason}");
            JudgeState::Off(reason)
        }
    }
}

/// Parlor's own, and those of a folder; one of the folder takes the place of one of ours with the same name.
fn problems(own: Option<&Path>) -> Vec<Problem> {
    let mut problems = embedded::problems().unwrap_or_else(|faults| {
        faults.iter().for_each(|fault| tracing::error!("a problem of this program is wrong: {fault}"));
        Vec::new()
    });
    let Some(path) = own else { return problems };
    match folder::read(path) {
        Ok(found) => {
            found.faults.iter().for_each(|fault| tracing::warn!("a problem is left out: {fault}"));
            problems.retain(|problem| !found.problems.iter().any(|other| other.id == problem.id));
            problems.extend(found.problems);
        }
        Err(error) => tracing::error!(error = %error, "the folder of problems can not be read"),
    }
    problems
}
