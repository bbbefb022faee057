//! Writes our types down for others: TypeScript for the web client, OpenAPI 3.1 for everybody else.
//!
//! Only tests call this. Both outputs are checked in, so that a change of the wire is seen in a diff.

use std::path::Path;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use ts_rs::TS;

use crate::routes::{PREFIX, ROUTES, Route};
use crate::{
    account, duel, event, group, lobby, message, problem, server, signal, socket, upload, video, watch,
};

/// Calls a macro with every type that a client sends.
#[rustfmt::skip]
macro_rules! sent_by_clients {
    ($run:ident) => {
        $run!(
            account::NewAccount, account::SignIn, account::NewGuest, account::ChangeMe, account::ChangePassword,
            group::NewGroup, group::ChangeGroup, group::JoinGroup, group::ChangeMember, group::HandOver, group::NewBan,
            message::NewMessage, message::EditMessage, message::Read,
            socket::Connect, socket::OpenGroups, socket::CloseGroup, socket::SendMessage, socket::EditCall,
            socket::DeleteCall, socket::ReactCall, socket::ReadCall, socket::TypingCall,
            lobby::OfLobby, lobby::LeaveLobby, lobby::RoomSend, lobby::RoomSignalCall, lobby::OfRoom, lobby::RoomKeep,
            lobby::RoomReport, lobby::RoomBlock, lobby::NewSpeedChat,
            upload::NewUpload,
            watch::OfWatch, watch::PlayerCommand, watch::PlayerReport, watch::PlayerReady, watch::PlayerCheer,
            watch::AskTime,
            duel::DuelSeek, duel::EndSeek, duel::DuelChallenge, duel::OfDuel, duel::DuelCode, duel::DuelRun,
            duel::DuelSubmit, duel::DuelSay, duel::DuelReact, duel::DuelReady, duel::DuelRematch, duel::DuelAbort,
            duel::DuelRecord
        )
    };
}

/// Calls a macro with every type that a client gets.
#[rustfmt::skip]
macro_rules! sent_to_clients {
    ($run:ident) => {
        $run!(
            account::SignedIn, account::Me, account::AccountAnswer, account::Sessions,
            group::GroupAnswer, group::Groups, group::Members, group::MemberAnswer, group::BanAnswer, group::Bans,
            message::Sent, message::Changed, message::Messages, message::Events, message::Edits, message::Unread,
            event::Event, signal::Signal, problem::Problem, server::Server,
            socket::ConnectError, socket::OpenedGroups, socket::Done, socket::Resume, socket::AckRefused,
            lobby::Standing, lobby::Room, lobby::RoomSent, lobby::RoomKept, lobby::RoomReported, lobby::RoomMessage,
            lobby::RoomSignal, lobby::RoomLeft, lobby::RoomEnded, lobby::LobbyLeft, lobby::LobbyState, lobby::Reports,
            lobby::Blocks,
            upload::UploadAnswer, upload::Uploads,
            watch::Watch, watch::PlayerChange, watch::Commanded, watch::TimeAnswer, watch::Viewers,
            watch::WatchedList,
            video::VideoSearch, video::VideoLookup,
            duel::DuelSought, duel::DuelOpened, duel::DuelQueued, duel::DuelSaid, duel::Duel, duel::DuelVerdict,
            duel::DuelProgress, duel::DuelLine, duel::DuelReacted, duel::DuelFound, duel::DuelOver,
            duel::Duels, duel::DuelReview, duel::DuelReplay, duel::Leaderboard, duel::DuelProfile, duel::DuelStatus
        )
    };
}

/// Writes one TypeScript file for each of our modules into the folder, an `index.ts`, and the typed socket maps.
pub fn typescript(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let config = ts_rs::Config::new().with_large_int("number").with_out_dir(folder);
    macro_rules! export {
        ($($type:ty),*) => { $(<$type>::export_all(&config)?;)* };
    }
    sent_by_clients!(export);
    sent_to_clients!(export);
    socket::Ack::<socket::Done>::export_all(&config)?;
    let mut files = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut index = format!("{MADE}export * from \"./calls\";\n");
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        if let Some(module) = name.strip_suffix(".ts") {
            index.push_str(&format!("export * from \"./{module}\";\n"));
        }
        let text = std::fs::read_to_string(file.path())?;
        std::fs::write(file.path(), tidy(&text))?;
    }
    std::fs::write(folder.join("calls.ts"), socket_maps())?;
    std::fs::write(folder.join("index.ts"), index)?;
    Ok(())
}

const MADE: &str = "// Made from crates/wire by its tests. Do not edit.\n";

/// Lays the text of ts-rs out as a person would: comments of one line, one field a line, indented.
fn tidy(text: &str) -> String {
    let text = text.replace("/**\n * ", "/** ").replace("\n */\n", " */\n");
    let text =
        text.replace(", } & ", ",\n} & ").replace(", } | ", ",\n} | ").replace("} | { \"", "}\n| { \"");
    let mut tidied = String::from(MADE);
    let mut inside = false;
    for line in text.lines().skip(1).map(str::trim_end) {
        let (line, closes) = match line.strip_suffix(", };") {
            Some(fields) if inside => (format!("{fields},"), true),
            _ => (line.to_owned(), false),
        };
        let indented = inside && !line.is_empty() && !line.starts_with(['}', '|']);
        tidied.push_str(if indented { "  " } else { "" });
        tidied.push_str(&line);
        tidied.push_str(if closes { "\n};\n" } else { "\n" });
        inside = (inside || line.ends_with('{')) && !closes && !line.ends_with(';');
    }
    tidied
}

/// The maps that type a Socket.IO client: `Socket<Told, Calls>`.
fn socket_maps() -> String {
    let mut names: Vec<&str> = socket::CALLS.iter().flat_map(|call| [call.body, call.answer]).collect();
    names.extend(socket::TOLD.iter().map(|told| told.body));
    names.push("Ack");
    names.sort_unstable();
    names.dedup();
    let mut text = String::from(MADE);
    text.push_str(&format!("import type {{ {} }} from \"./index\";\n\n", names.join(", ")));
    text.push_str("/** What a client may call in the namespace `/v1`. */\nexport type Calls = {\n");
    for socket::Call { name, body, answer, summary } in socket::CALLS {
        text.push_str(&format!(
            "  /** {summary} */\n  {name}: (body: {body}, ack: (ack: Ack<{answer}>) => void) => void;\n"
        ));
    }
    text.push_str(
        "};\n\n/** What the server tells a client in the namespace `/v1`. */\nexport type Told = {\n",
    );
    for socket::Told { name, body, summary } in socket::TOLD {
        text.push_str(&format!("  /** {summary} */\n  {name}: (body: {body}) => void;\n"));
    }
    text.push_str("};\n");
    text
}

/// The OpenAPI document.
pub fn openapi() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|it| it.definitions_path = "/components/schemas".into());
    let mut requests = settings.clone().for_deserialize().into_generator();
    // What we send is complete: a field that may be null is there all the same.
    let mut answers = settings.for_serialize().into_generator();
    macro_rules! define {
        ($($type:ty),*) => { $(requests.subschema_for::<$type>();)* };
    }
    sent_by_clients!(define);
    macro_rules! define {
        ($($type:ty),*) => { $(answers.subschema_for::<$type>();)* };
    }
    sent_to_clients!(define);
    let mut schemas = requests.take_definitions(true);
    schemas.extend(answers.take_definitions(true));
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let path = paths.entry(format!("{PREFIX}{}", route.path)).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Parlor",
            "version": "1",
            "description": "The native REST interface. The Socket.IO namespace `/v1` is described at /api/v1/docs.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "parlor_session" },
            },
            "responses": {
                "Problem": {
                    "description": "Something went wrong: `code` says what.",
                    "content": { "application/problem+json": { "schema": reference("Problem") } },
                },
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let in_path = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = in_path
        .map(|name| {
            let kind = if name == "emoji" { "string" } else { "integer" };
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": kind } })
        })
        .collect();
    parameters.extend(route.query.iter().map(|query| {
        let kind = if query.number { "integer" } else { "string" };
        json!({ "name": query.name, "in": "query", "description": query.summary, "schema": { "type": kind } })
    }));
    let mut responses = Map::new();
    for (status, body) in route.answers {
        let mut response = json!({ "description": if *status == 204 { "Done." } else { "It worked." } });
        if let Some(name) = body {
            response["content"] = json!({ "application/json": { "schema": reference(name) } });
        }
        responses.insert(status.to_string(), response);
    }
    for status in problem_statuses(route) {
        responses.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    let mut operation = json!({ "summary": route.summary, "parameters": parameters, "responses": responses });
    if let Some(name) = route.body {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": reference(name) } } });
    }
    operation["security"] =
        if route.signed_in { json!([{ "bearer": [] }, { "cookie": [] }]) } else { json!([]) };
    operation
}

fn problem_statuses(route: &Route) -> Vec<u16> {
    let mut codes = vec![problem::Code::RateLimited, problem::Code::Unavailable];
    codes.extend(route.problems);
    if route.signed_in {
        codes.push(problem::Code::Unauthorized);
    }
    if route.body.is_some() {
        codes.extend([
            problem::Code::Malformed,
            problem::Code::TooLarge,
            problem::Code::Unsupported,
            problem::Code::Invalid,
        ]);
    }
    let mut statuses: Vec<u16> = codes.into_iter().map(problem::Code::status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
