//! Lobbies over REST: their state, speed chat, reports, blocks. Who meets whom is a matter of sockets.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use parlor_core::lobby::Plan;
use parlor_store::reports::{Line, Person, Report};
use parlor_wire::lobby as wire;
use parlor_wire::problem::Problem;
use parlor_wire::socket::Done;

use super::body::{Body, created, no_content, ok};
use super::path::{InGroup, OfBlocked, OfReport};
use super::problem::{Answer, Failed};
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;
use crate::realtime::lobby_view::lobby_state;

/// `GET /groups/{id}/lobby`
pub async fn state(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
) -> Answer {
    let state = deps.app.lobby_state(&caller, group).await?;
    Ok(ok(&lobby_state(&state)))
}

/// `POST /groups/{id}/speed_chat`
pub async fn start_speed_chat(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    Body(body): Body<wire::NewSpeedChat>,
) -> Answer {
    let plan = Plan::new(body.rounds.into(), body.minutes.into(), false)?;
    let notice = Duration::from_secs(body.starts_in_s.unwrap_or(0).into());
    if notice > parlor_app::lobby::speed_chat::LONGEST_NOTICE {
        return Err(Failed(Problem::invalid("starts_in_s", "must be at most 3600")));
    }
    let state = deps.app.start_speed_chat(&caller, group, plan, notice).await?;
    Ok(created(&lobby_state(&state)))
}

/// `DELETE /groups/{id}/speed_chat`
pub async fn stop_speed_chat(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
) -> Answer {
    deps.app.stop_speed_chat(&caller, group).await?;
    Ok(ok(&Done {}))
}

/// `GET /groups/{id}/reports`
pub async fn reports(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    query: Query,
) -> Answer {
    let page = deps.app.reports(&caller, group, query.key("cursor")?, query.limit()?).await?;
    let reports = page.items.into_iter().map(report).collect();
    Ok(ok(&wire::Reports { reports, next: page.next.map(|key| key.to_string()) }))
}

/// `DELETE /groups/{id}/reports/{report_id}`
pub async fn delete_report(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfReport(group, report): OfReport,
) -> Answer {
    deps.app.delete_report(&caller, group, report).await?;
    Ok(ok(&Done {}))
}

/// `GET /me/blocks`
pub async fn blocks(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn, query: Query) -> Answer {
    let page = deps.app.blocks(&caller, query.key("cursor")?, query.limit()?).await?;
    let blocks = page
        .items
        .iter()
        .map(|block| wire::Block { account: (&block.account).into(), at: block.at.into() })
        .collect();
    Ok(ok(&wire::Blocks { blocks, next: page.next.map(|key| key.to_string()) }))
}

/// `DELETE /me/blocks/{account_id}`
pub async fn unblock(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfBlocked(account): OfBlocked,
) -> Answer {
    if !deps.app.unblock(&caller, account).await? {
        return Err(Failed::not_found());
    }
    Ok(no_content())
}

fn report(report: Report) -> wire::Report {
    let Report { id, report } = report;
    wire::Report {
        id: id.into(),
        at: report.at.into(),
        by: person(&report.by),
        about: person(&report.about),
        reason: report.reason.into(),
        lines: report.lines.into_iter().map(line).collect(),
    }
}

fn line(line: Line) -> wire::ReportedLine {
    wire::ReportedLine { at: line.at.into(), by: person(&line.by), text: line.text.into() }
}

fn person(person: &Person) -> wire::ReportedPerson {
    wire::ReportedPerson { id: person.account.map(Into::into), name: person.name.to_string() }
}
