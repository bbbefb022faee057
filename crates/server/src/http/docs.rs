//! The interface, for programs (`openapi.json`) and for people (`docs`): made from the lists and types of `wire`.
//!
//! The page stands alone: no script, no font, nothing of anybody else's.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use parlor_wire::problem::Code;
use parlor_wire::routes::{PREFIX, ROUTES, Route};
use parlor_wire::{openapi, socket};
use serde_json::Value;

use crate::assets::hash_source;

const STYLE: &str = include_str!("docs/style.css");
const INTRODUCTION: &str = include_str!("docs/introduction.html");
const SOCKETS: &str = include_str!("docs/sockets.html");

/// `GET /api/v1/openapi.json`
pub async fn openapi() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, openapi::DOCUMENT).into_response()
}

/// `GET /api/v1/docs`
pub async fn page() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
    ];
    (headers, PAGE.as_str()).into_response()
}

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!("default-src 'none'; style-src {}; frame-ancestors 'none'", hash_source(STYLE));
    HeaderValue::try_from(policy).expect("a hash is base64")
});

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(openapi::DOCUMENT).expect("the checked-in document is JSON");
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Parlor: the interface</title><style>{STYLE}</style></head><body><main>{INTRODUCTION}"
    );
    write_codes(&mut page);
    write_routes(&mut page);
    write_sockets(&mut page);
    write_types(&mut page, &document["components"]["schemas"]);
    page.push_str("</main></body></html>\n");
    page
});

fn write_codes(page: &mut String) {
    page.push_str("<h2 id=\"codes\">Codes</h2><table><tr><th>status<th>code<th>meaning");
    for code in Code::ALL {
        // Writing to a string cannot fail, here and below.
        let _ = write!(
            page,
            "<tr id=\"{name}\"><td>{}<td><code>{name}</code><td>{}",
            code.status(),
            escape(code.title()),
            name = code.name()
        );
    }
    page.push_str("</table>");
}

fn write_routes(page: &mut String) {
    page.push_str("<h2 id=\"rest\">REST</h2>");
    for route in ROUTES {
        let _ = write!(
            page,
            "<section><h3><code><b>{}</b> {PREFIX}{}</code></h3><p>{}{}</p><dl>",
            route.method,
            escape(route.path),
            prose(route.summary),
            if route.signed_in { "" } else { " <i>No session is needed.</i>" }
        );
        for query in route.query {
            let _ = write!(page, "<dt><code>?{}=</code><dd>{}", query.name, prose(query.summary));
        }
        if let Some(body) = route.body {
            let _ = write!(page, "<dt>body<dd>{}", link(body));
        }
        for (status, answer) in route.answers {
            let _ = write!(page, "<dt>{status}<dd>{}", answer.map_or("nothing".to_owned(), link));
        }
        write_refusals(page, route);
        page.push_str("</dl></section>");
    }
}

fn write_refusals(page: &mut String, route: &Route) {
    if !route.problems.is_empty() {
        let named = route.problems.iter().map(|code| format!("<a href=\"#{0}\">{0}</a>", code.name()));
        let _ = write!(page, "<dt>refused as<dd>{}", named.collect::<Vec<_>>().join(", "));
    }
}

fn write_sockets(page: &mut String) {
    page.push_str(SOCKETS);
    page.push_str("<table><tr><th>call<th>body<th>ack<th>");
    for call in socket::CALLS {
        let (body, answer) = (link(call.body), link(call.answer));
        let _ = write!(
            page,
            "<tr><td><code>{}</code><td>{body}<td>{answer}<td>{}",
            call.name,
            prose(call.summary)
        );
    }
    page.push_str("</table><table><tr><th>told<th>body<th>");
    for told in socket::TOLD {
        let _ = write!(
            page,
            "<tr><td><code>{}</code><td>{}<td>{}",
            told.name,
            link(told.body),
            prose(told.summary)
        );
    }
    page.push_str("</table>");
}

fn write_types(page: &mut String, schemas: &Value) {
    page.push_str("<h2 id=\"types\">Types</h2>");
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        let about = prose(schema["description"].as_str().unwrap_or_default());
        let _ = write!(page, "<section id=\"type-{name}\"><h3><code>{name}</code></h3><p>{about}</p>");
        write_fields(page, schema);
        let variants = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        for variant in variants.into_iter().flatten() {
            let _ = write!(
                page,
                "<div class=\"variant\">{} ",
                prose(variant["description"].as_str().unwrap_or_default())
            );
            write_fields(page, variant);
            if variant["properties"].is_null() {
                let _ = write!(page, "{}", kind(variant));
            }
            page.push_str("</div>");
        }
        page.push_str("</section>");
    }
}

fn write_fields(page: &mut String, schema: &Value) {
    let Some(fields) = schema["properties"].as_object() else { return };
    let required = |name: &str| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one.as_str() == Some(name)))
    };
    page.push_str("<table>");
    for (name, field) in fields {
        let optional = if required(name) { "" } else { "?" };
        let about = prose(field["description"].as_str().unwrap_or_default());
        let _ = write!(page, "<tr><td><code>{name}{optional}</code><td>{}<td>{about}", kind(field));
    }
    page.push_str("</table>");
}

/// The type of a field, in short.
fn kind(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        return link(target.rsplit('/').next().unwrap_or_default());
    }
    if let Some(value) = schema.get("const") {
        return format!("<code>{}</code>", escape(&value.to_string()));
    }
    if let Some(values) = schema["enum"].as_array() {
        return values
            .iter()
            .map(|value| format!("<code>{}</code>", escape(&value.to_string())))
            .collect::<Vec<_>>()
            .join(" or ");
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(names) = schema["type"].as_array() {
        return names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ");
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", kind(&schema["items"])),
        Some("string") if schema["format"] == "date-time" => "time".to_owned(),
        Some(name) => escape(name),
        None => "anything".to_owned(),
    }
}

fn link(name: &str) -> String {
    format!("<a href=\"#type-{name}\"><code>{name}</code></a>")
}

/// Text with `code` in it.
fn prose(text: &str) -> String {
    let parts = escape(text);
    let parts = parts.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_everything_and_every_link_leads_somewhere() {
        for route in ROUTES {
            assert!(PAGE.contains(&escape(route.path)), "{}", route.path);
        }
        for part in PAGE.split("href=\"").skip(1) {
            let target = part.split('"').next().unwrap();
            match target.strip_prefix('#') {
                Some(id) => assert!(PAGE.contains(&format!("id=\"{id}\"")), "{target} leads nowhere"),
                None => assert!(target.starts_with("/api/v1/"), "{target} leads out"),
            }
        }
        for foreign in ["http://", "https://", "<script", "src="] {
            assert!(!PAGE.contains(foreign), "{foreign}");
        }
    }

    #[test]
    fn text_is_escaped_and_code_is_marked() {
        assert_eq!(prose("a < `b`"), "a &lt; <code>b</code>");
    }
}
