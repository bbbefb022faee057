//! The program: reads its settings, does what it was asked, and ends with 0, or with 1 and one sentence.

use std::process::ExitCode;

use parlor_server::config::{self, Command, Loaded};
use parlor_server::{start, telemetry};
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    // Before anything has a thread: the judge starts this program again as its supervisor, and that as its jails.
    if let Some(code) = parlor_judge::enter_if_asked() {
        return code;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut sentence = format!("parlor: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                sentence.push_str(&format!(": {cause}"));
                source = cause.source();
            }
            say(&mut std::io::stderr(), &(sentence + "\n"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let Loaded { command, config, warnings, effective } = config::load(std::env::args().skip(1), variables)?;
    match command {
        Command::Help => say(&mut std::io::stdout(), &config::help()),
        Command::Version => say(&mut std::io::stdout(), &format!("parlor {}\n", env!("CARGO_PKG_VERSION"))),
        Command::CheckConfig => {
            for warning in warnings {
                say(&mut std::io::stderr(), &format!("warning: {warning}\n"));
            }
            say(&mut std::io::stdout(), &effective);
        }
        Command::Backup(to) => runtime()?.block_on(start::backup(&config, &to))?,
        Command::CopyDatabase { from, to } => {
            runtime()?.block_on(start::copy_database(&from, &to, std::io::stdout()))?;
        }
        Command::CheckProblems(folder) => {
            let judge = parlor_judge::client::Options::this_program();
            let mut out = std::io::stdout();
            runtime()?.block_on(parlor_problems::gate::check(&folder, judge, &mut out))?;
        }
        Command::Serve => {
            telemetry::start(&config)?;
            for warning in &warnings {
                tracing::warn!("{warning}");
            }
            runtime()?.block_on(async {
                start::run(config, stop_signal()?).await.map_err(Box::<dyn std::error::Error>::from)
            })?;
        }
    }
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Done when the service manager or somebody at a keyboard asks the server to stop.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}

fn say(out: &mut dyn std::io::Write, text: &str) {
    // A closed pipe is no reason to fail.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
