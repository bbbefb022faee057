//! The gate: everything that a folder of problems must hold, told line by line to whoever keeps them.

use crate::folder::{self, Folder};
use crate::proof::{self, Proof, ProofError};
use crate::{Fault, Problem, Rank};
use parlor_judge::client::{Judge, Options, StartError};
use std::io::{self, Write};
use std::path::Path;

/// Why the gate is shut.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The folder, or a file in it.
    #[error("the problems can not be read")]
    Unreadable(#[source] io::Error),
    /// Nobody takes the lines.
    #[error("the result can not be written")]
    Unwritable(#[from] io::Error),
    /// There is nothing to check.
    #[error("there is no problem in this folder: no file ends with .toml")]
    Empty,
    /// Nothing can be tried here. Problems that were not tried do not pass.
    #[error("the problems can not be tried")]
    NoJudge(#[from] StartError),
    /// The sandbox failed.
    #[error(transparent)]
    NoProof(#[from] ProofError),
    /// Some rule does not hold; all that do not were written out.
    #[error("faults found: {0}")]
    Faults(usize),
}

/// Checks the problems of a folder: a line for each that was tried, with the times of its references, then every fault.
///
/// # Errors
/// Whenever a problem of the folder must not be played, for whatever reason.
pub async fn check(folder: &Path, judge: Options, out: &mut impl Write) -> Result<(), GateError> {
    let Folder { problems, mut faults } = folder::read(folder).map_err(GateError::Unreadable)?;
    if problems.is_empty() && faults.is_empty() {
        return Err(GateError::Empty);
    }
    if !problems.is_empty() {
        let judge = Judge::start(judge).await?;
        for problem in &problems {
            let proof = proof::prove(&judge, problem).await?;
            writeln!(out, "{}", line(problem, &proof))?;
            faults.extend(proof.faults);
        }
    }
    writeln!(out, "{}", ranks(&problems))?;
    faults.iter().try_for_each(|fault: &Fault| writeln!(out, "{fault}"))?;
    match faults.len() {
        0 => Ok(()),
        found => Err(GateError::Faults(found)),
    }
}

fn line(problem: &Problem, proof: &Proof) -> String {
    let state = if proof.faults.is_empty() { "ok" } else { "FAULTY" };
    format!(
        "{state:<6} {:<8} {:<30} python {:>5} ms, javascript {:>5} ms of {}",
        problem.rank, problem.id, proof.python_ms, proof.javascript_ms, problem.limits.cpu_ms
    )
}

/// How many problems each rank has: for people, since a folder may have as many as it likes.
fn ranks(problems: &[Problem]) -> String {
    let of = |rank| problems.iter().filter(|problem| problem.rank == rank).count();
    let ranks = Rank::ALL.map(|rank| format!("{} {rank}", of(rank)));
    format!("problems: {} ({})", problems.len(), ranks.join(", "))
}
