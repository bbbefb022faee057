//! Every call of REST v1: where, what goes in, what comes out. The OpenAPI document and the docs page are made from
//! this list, and a test of the server holds its router against it.
//!
//! Types are named as in this crate; a test fails on a name that does not exist.

use crate::problem::Code;

/// Where all paths begin.
pub const PREFIX: &str = "/api/v1";

/// One call.
#[derive(Clone, Copy)]
pub struct Route {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// After `PREFIX`.
    pub path: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Whether a session is needed.
    pub signed_in: bool,
    /// What may stand after `?`.
    pub query: &'static [Query],
    /// The type of the body.
    pub body: Option<&'static str>,
    /// Status and type of each success.
    pub answers: &'static [(u16, Option<&'static str>)],
    /// What may go wrong beside the problems that every call has.
    pub problems: &'static [Code],
}

/// One parameter after `?`.
#[derive(Clone, Copy)]
pub struct Query {
    /// Its name.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// A number, or text.
    pub number: bool,
}

const LIMIT: Query =
    Query { name: "limit", summary: "How many at most: 1 to 200, 50 where it is missing.", number: true };
const CURSOR: Query = Query { name: "cursor", summary: "`next` of the page before.", number: false };
const AFTER: Query = Query {
    name: "after",
    summary: "`<epoch>:<seq>`, the last position that is known; from the start where it is missing.",
    number: false,
};
const BEFORE: Query = Query {
    name: "before",
    summary: "Only messages before this position; the newest where it is missing.",
    number: true,
};

const Q: Query = Query { name: "q", summary: "What is looked for: 1 to 100 characters.", number: false };
const GROUP_ID: Query = Query {
    name: "group",
    summary: "The group whose members play; those that everybody may watch where it is missing.",
    number: true,
};
const URL: Query = Query {
    name: "url",
    summary: "An http or https address without user info, or `youtube:<id>`.",
    number: false,
};

const fn get(
    path: &'static str,
    summary: &'static str,
    answer: &'static [(u16, Option<&'static str>)],
) -> Route {
    Route {
        method: "GET",
        path,
        summary,
        signed_in: true,
        query: &[],
        body: None,
        answers: answer,
        problems: &[],
    }
}

const fn change(
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    body: Option<&'static str>,
    answers: &'static [(u16, Option<&'static str>)],
    problems: &'static [Code],
) -> Route {
    Route { method, path, summary, signed_in: true, query: &[], body, answers, problems }
}

const fn open(route: Route) -> Route {
    Route { signed_in: false, ..route }
}

const fn paged(route: Route, query: &'static [Query]) -> Route {
    Route { query, ..route }
}

const fn refuses(route: Route, problems: &'static [Code]) -> Route {
    Route { problems, ..route }
}

const DONE: &[(u16, Option<&str>)] = &[(204, None)];
const GROUP: &[(u16, Option<&str>)] = &[(200, Some("GroupAnswer"))];
const CHANGED: &[(u16, Option<&str>)] = &[(200, Some("Changed"))];
const GONE: &[(u16, Option<&str>)] = &[(200, Some("Done"))];
const IN_GROUP: &[Code] = &[Code::Forbidden, Code::NotFound];

/// All of them, in the order of the docs.
pub const ROUTES: &[Route] = &[
    open(get("/server", "What anybody may know about this server.", &[(200, Some("Server"))])),
    open(change(
        "POST",
        "/accounts",
        "Make an account and sign in.",
        Some("NewAccount"),
        &[(201, Some("SignedIn"))],
        &[Code::Forbidden, Code::Conflict],
    )),
    open(change(
        "POST",
        "/sessions",
        "Sign in.",
        Some("SignIn"),
        &[(201, Some("SignedIn"))],
        &[Code::Unauthorized],
    )),
    get("/sessions", "The caller's sign-ins.", &[(200, Some("Sessions"))]),
    change("DELETE", "/sessions", "Sign out everywhere, here too.", None, DONE, &[]),
    change("DELETE", "/sessions/current", "Sign out.", None, DONE, &[]),
    change("DELETE", "/sessions/{session_id}", "End one sign-in.", None, DONE, &[Code::NotFound]),
    open(change(
        "POST",
        "/guests",
        "Come in with a name only, and with an access code straight into its group.",
        Some("NewGuest"),
        &[(201, Some("SignedIn"))],
        &[Code::Forbidden, Code::NotFound],
    )),
    get("/me", "The caller and their groups.", &[(200, Some("Me"))]),
    change(
        "PATCH",
        "/me",
        "Change the display name.",
        Some("ChangeMe"),
        &[(200, Some("AccountAnswer"))],
        &[],
    ),
    change(
        "PUT",
        "/me/password",
        "Set a new password; every other session ends.",
        Some("ChangePassword"),
        DONE,
        &[Code::Forbidden],
    ),
    paged(
        get("/me/blocks", "Whom the caller never meets again.", &[(200, Some("Blocks"))]),
        &[CURSOR, LIMIT],
    ),
    change("DELETE", "/me/blocks/{account_id}", "Take a block back.", None, DONE, &[Code::NotFound]),
    paged(get("/groups", "The caller's groups.", &[(200, Some("Groups"))]), &[CURSOR, LIMIT]),
    change(
        "POST",
        "/groups",
        "Make a group; the caller owns it. Guests may not.",
        Some("NewGroup"),
        &[(201, Some("GroupAnswer"))],
        &[Code::Forbidden],
    ),
    change(
        "POST",
        "/groups/join",
        "Become a member.",
        Some("JoinGroup"),
        GROUP,
        &[Code::Forbidden, Code::NotFound],
    ),
    refuses(get("/groups/{id}", "One group.", GROUP), &[Code::NotFound]),
    change(
        "PATCH",
        "/groups/{id}",
        "Change what it says about itself.",
        Some("ChangeGroup"),
        GROUP,
        IN_GROUP,
    ),
    change("DELETE", "/groups/{id}", "End it, with everything in it.", None, GONE, IN_GROUP),
    refuses(
        paged(get("/groups/{id}/members", "Who is in it.", &[(200, Some("Members"))]), &[CURSOR, LIMIT]),
        &[Code::NotFound],
    ),
    change(
        "PATCH",
        "/groups/{id}/members/{account_id}",
        "Change a role.",
        Some("ChangeMember"),
        &[(200, Some("MemberAnswer"))],
        &[Code::Forbidden, Code::NotFound, Code::Conflict],
    ),
    change(
        "DELETE",
        "/groups/{id}/members/{account_id}",
        "Send somebody away, or leave. The owner hands over first.",
        None,
        GONE,
        &[Code::Forbidden, Code::NotFound, Code::Conflict],
    ),
    refuses(
        paged(get("/groups/{id}/bans", "Who may not come back.", &[(200, Some("Bans"))]), &[CURSOR, LIMIT]),
        IN_GROUP,
    ),
    change(
        "POST",
        "/groups/{id}/bans",
        "Send somebody away for good.",
        Some("NewBan"),
        &[(200, Some("BanAnswer"))],
        &[Code::Forbidden, Code::NotFound, Code::Conflict],
    ),
    change("DELETE", "/groups/{id}/bans/{account_id}", "Let somebody come back.", None, GONE, IN_GROUP),
    change(
        "POST",
        "/groups/{id}/owner",
        "Hand the group over.",
        Some("HandOver"),
        GROUP,
        &[Code::Forbidden, Code::NotFound, Code::Conflict],
    ),
    change("POST", "/groups/{id}/access_code", "A new code; the old one ends.", None, GROUP, IN_GROUP),
    change("DELETE", "/groups/{id}/access_code", "Nobody joins by code any more.", None, GROUP, IN_GROUP),
    change(
        "POST",
        "/groups/{id}/messages",
        "Write. 200 and `duplicate: true` where the same `client_id` came before.",
        Some("NewMessage"),
        &[(201, Some("Sent")), (200, Some("Sent"))],
        &[Code::Forbidden, Code::NotFound, Code::ClientIdReused],
    ),
    refuses(
        paged(
            get(
                "/groups/{id}/messages",
                "History, the newest first, and up to which event it is folded: `/events?after=<epoch>:<head>` goes on from there.",
                &[(200, Some("Messages"))],
            ),
            &[BEFORE, CURSOR, LIMIT],
        ),
        &[Code::NotFound],
    ),
    change(
        "PATCH",
        "/groups/{id}/messages/{seq}",
        "Change a message of one's own.",
        Some("EditMessage"),
        CHANGED,
        IN_GROUP,
    ),
    change("DELETE", "/groups/{id}/messages/{seq}", "Take a message away.", None, CHANGED, IN_GROUP),
    refuses(
        get(
            "/groups/{id}/messages/{seq}/edits",
            "What a message said before; for its author and moderators.",
            &[(200, Some("Edits"))],
        ),
        IN_GROUP,
    ),
    change(
        "PUT",
        "/groups/{id}/messages/{seq}/reactions/{emoji}",
        "Put an emoji under it.",
        None,
        CHANGED,
        IN_GROUP,
    ),
    change(
        "DELETE",
        "/groups/{id}/messages/{seq}/reactions/{emoji}",
        "Take it back.",
        None,
        CHANGED,
        IN_GROUP,
    ),
    refuses(
        paged(
            get("/groups/{id}/events", "The log in order, after a position.", &[(200, Some("Events"))]),
            &[AFTER, LIMIT],
        ),
        &[Code::NotFound],
    ),
    change(
        "PUT",
        "/groups/{id}/read",
        "Move the read position.",
        Some("Read"),
        &[(200, Some("Unread"))],
        &[Code::NotFound],
    ),
    refuses(
        get("/groups/{id}/watch", "What it watches: its player and its queue.", &[(200, Some("Watch"))]),
        &[Code::NotFound],
    ),
    refuses(
        paged(
            get(
                "/groups/{id}/watched",
                "What it has watched, the newest first, with where in its log that lies.",
                &[(200, Some("WatchedList"))],
            ),
            &[CURSOR, LIMIT],
        ),
        &[Code::NotFound],
    ),
    refuses(
        get(
            "/groups/{id}/lobby",
            "How many wait in its lobby, and its speed chat; owners see who sits where.",
            &[(200, Some("LobbyState"))],
        ),
        &[Code::NotFound],
    ),
    change(
        "POST",
        "/groups/{id}/speed_chat",
        "Start rounds in which everybody in the lobby is put together anew; owners only.",
        Some("NewSpeedChat"),
        &[(201, Some("LobbyState"))],
        &[Code::Forbidden, Code::NotFound, Code::Conflict],
    ),
    change(
        "DELETE",
        "/groups/{id}/speed_chat",
        "End them now; those who sit together may go on.",
        None,
        GONE,
        &[Code::Forbidden, Code::NotFound, Code::Conflict],
    ),
    refuses(
        paged(
            get(
                "/groups/{id}/reports",
                "What was reported of its lobby, the newest first; for owner and moderators.",
                &[(200, Some("Reports"))],
            ),
            &[CURSOR, LIMIT],
        ),
        IN_GROUP,
    ),
    change("DELETE", "/groups/{id}/reports/{report_id}", "Delete a report.", None, GONE, IN_GROUP),
    refuses(
        paged(
            get(
                "/groups/{id}/uploads",
                "Its files, the newest first, and the caller's own that are not complete.",
                &[(200, Some("Uploads"))],
            ),
            &[CURSOR, LIMIT],
        ),
        &[Code::NotFound],
    ),
    change(
        "POST",
        "/groups/{id}/uploads",
        "Announce a file; its bytes go to where `Location` says. Also as tus 1.0 has it: `Upload-Length` and `Upload-Metadata` (`filename`, `filetype`) instead of a body.",
        Some("NewUpload"),
        &[(201, Some("UploadAnswer"))],
        IN_GROUP,
    ),
    refuses(
        get(
            "/groups/{id}/uploads/{upload_id}",
            "One file. `HEAD` says in `Upload-Offset` where its next part begins, and ends one that still comes.",
            &[(200, Some("UploadAnswer"))],
        ),
        &[Code::NotFound],
    ),
    change(
        "PATCH",
        "/groups/{id}/uploads/{upload_id}",
        "The next part of a file, `application/offset+octet-stream`, from `Upload-Offset` on, as tus 1.0 has it. What came of a part that was cut is kept. 422: it is not what it should be, and gone.",
        None,
        DONE,
        &[
            Code::Forbidden,
            Code::NotFound,
            Code::Timeout,
            Code::Conflict,
            Code::TooLarge,
            Code::Unsupported,
            Code::Invalid,
        ],
    ),
    change(
        "DELETE",
        "/groups/{id}/uploads/{upload_id}",
        "Delete a file, or give an upload up: its sender, or a moderator.",
        None,
        DONE,
        IN_GROUP,
    ),
    refuses(
        get(
            "/groups/{id}/uploads/{upload_id}/content",
            "Its bytes, also in one range (`Range`, `If-Range`; 416 where there are none) or not again (`If-None-Match`).",
            &[(200, None), (206, None), (304, None)],
        ),
        &[Code::NotFound],
    ),
    refuses(
        get(
            "/groups/{id}/uploads/{upload_id}/thumbnail",
            "A small picture of at most 640 pixels a side, without anything but its pixels.",
            &[(200, None), (206, None), (304, None)],
        ),
        &[Code::NotFound],
    ),
    refuses(
        paged(
            get(
                "/videos/search",
                "Search YouTube; for members of some group. `unavailable` without `retry_after` where this server has no key, with it where the searches of the day are spent.",
                &[(200, Some("VideoSearch"))],
            ),
            &[Q],
        ),
        &[Code::Forbidden, Code::Invalid],
    ),
    refuses(
        paged(
            get(
                "/videos/lookup",
                "What an address leads to, as far as it can be found out; for members of some group.",
                &[(200, Some("VideoLookup"))],
            ),
            &[URL],
        ),
        &[Code::Forbidden, Code::Invalid],
    ),
    refuses(
        paged(
            get("/duels", "What can be joined or watched now, the newest first.", &[(200, Some("Duels"))]),
            &[GROUP_ID],
        ),
        &[Code::NotFound, Code::Invalid],
    ),
    get(
        "/duels/status",
        "Whether code can be judged here, in which languages, or why not.",
        &[(200, Some("DuelStatus"))],
    ),
    refuses(
        get(
            "/duels/{duel_id}",
            "A duel, and of its rounds that are over the problems and all programs.",
            &[(200, Some("DuelReview"))],
        ),
        &[Code::NotFound],
    ),
    refuses(
        get(
            "/duels/{duel_id}/replay",
            "What stood in the editors, where all players let it be kept.",
            &[(200, Some("DuelReplay"))],
        ),
        &[Code::NotFound],
    ),
    change(
        "POST",
        "/problems/{problem_id}/promote",
        "Let everybody play a problem that a service wrote; for who runs the server.",
        None,
        DONE,
        IN_GROUP,
    ),
    refuses(
        paged(
            get("/leaderboard", "Who has the most points.", &[(200, Some("Leaderboard"))]),
            &[CURSOR, LIMIT],
        ),
        &[Code::Invalid],
    ),
    refuses(
        paged(
            get(
                "/accounts/{account_id}/duels",
                "Somebody's points, rating and duels, the newest first.",
                &[(200, Some("DuelProfile"))],
            ),
            &[CURSOR, LIMIT],
        ),
        &[Code::NotFound, Code::Invalid],
    ),
];
