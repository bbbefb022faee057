//! The interface as it is described is the one that is served.

use parlor_testkit::Node;
use parlor_wire::routes::{PREFIX, ROUTES};

#[tokio::test]
async fn every_described_call_exists_and_others_are_refused_by_name() {
    let node = Node::start().await;
    for route in ROUTES {
        let path = format!("{PREFIX}{}", route.path.replace("{emoji}", "x"));
        let path: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let answer = node.http().request(route.method, &path, &[], b"").await;
        assert_ne!(answer.status, 405, "{} {path}", route.method);
        if answer.status == 404 {
            panic!("{} {path} is not served", route.method);
        }
        if route.signed_in {
            answer.problem(401, "unauthorized");
        }
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let described = ROUTES.iter().any(|other| other.path == route.path && other.method == method);
            let literal = route.path == "/sessions/{session_id}"
                || route.path == "/sessions/current"
                || route.path == "/groups/join"
                || route.path == "/duels/status";
            if !described && !literal {
                node.http().request(method, &path, &[], b"").await.problem(405, "method_not_allowed");
            }
        }
    }
    node.http().get("/api/v1/nothing").await.problem(404, "not_found");
    node.http().get("/api/v2/me").await.problem(404, "not_found");
    node.http().request("POST", "/", &[], b"").await.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn the_description_is_served() {
    let node = Node::start().await;
    let document = node.http().get("/api/v1/openapi.json").await;
    assert_eq!(document.header("content-type"), Some("application/json"));
    let document = document.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    for route in ROUTES {
        let operation = &document["paths"][format!("{PREFIX}{}", route.path)][route.method.to_lowercase()];
        assert!(operation["responses"].is_object(), "{} {}", route.method, route.path);
    }
    let page = node.http().get("/api/v1/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let text = page.text();
    for part in ["client_id_reused", "/groups/{id}/events", "Socket.IO", "id=\"rate_limited\""] {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test]
async fn health_and_readiness() {
    let node = Node::start().await;
    assert_eq!(node.http().get("/healthz").await.status, 200);
    let ready = node.http().get("/readyz").await.expect(200);
    assert_eq!(
        (&ready["ready"], &ready["database"], &ready["bus"]),
        (&true.into(), &"ok".into(), &"ok".into())
    );
}
