//! The judge alone: what the server starts of itself, as a program of its own for tests and measurements.

use std::process::ExitCode;

fn main() -> ExitCode {
    parlor_judge::enter_if_asked().unwrap_or_else(|| {
        #[expect(clippy::print_stderr, reason = "nobody else is there to tell")]
        {
            eprintln!("this program is started by the server, as `{} …`", parlor_judge::SUPERVISOR);
        }
        ExitCode::FAILURE
    })
}
