//! A room over several shards has one order; joining and leaving are part of it; exceptions, several
//! rooms at once, the whole namespace.

use parlor_socketio::{Event, Namespace, NamespaceHandle, Socket, Values};

use crate::support::client::Client;
use crate::support::{Server, echoing};

async fn clients(server: &Server, count: usize) -> Vec<Client> {
    let mut clients = Vec::new();
    for _ in 0..count {
        clients.push(Client::connect(server.address).await);
    }
    clients
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_sees_concurrent_broadcasts_in_one_order() {
    const BROADCASTERS: u64 = 4;
    const EACH: u64 = 500;
    let server = Server::start(Server::config(), [echoing("/")]).await;
    let mut members = clients(&server, 12).await;
    for (index, member) in members.iter_mut().enumerate() {
        // Half are in one more room, so that some broadcasts walk two rooms.
        assert_eq!(member.ask("join", r#""all""#).await, "[true]");
        if index % 2 == 0 {
            assert_eq!(member.ask("join", r#""even""#).await, "[true]");
        }
    }
    let namespace = server.io.namespace("/").unwrap();
    let mut broadcasters = tokio::task::JoinSet::new();
    for broadcaster in 0..BROADCASTERS {
        let namespace = namespace.clone();
        broadcasters.spawn(async move {
            for number in 0..EACH {
                let to = match broadcaster {
                    0 => namespace.broadcast(),
                    1 => namespace.to("even").to("all"),
                    _ => namespace.to("all"),
                };
                to.emit("n", &(broadcaster * EACH + number));
                if number % 7 == 0 {
                    tokio::task::yield_now().await;
                }
            }
        });
    }
    let mut readers = tokio::task::JoinSet::new();
    for mut member in members {
        readers.spawn(async move {
            let mut seen = Vec::new();
            for _ in 0..BROADCASTERS * EACH {
                seen.push(member.number("n").await);
            }
            seen
        });
    }
    let seen = readers.join_all().await;
    assert!(seen.iter().all(|other| *other == seen[0]), "two members saw different orders");
    for broadcaster in 0..BROADCASTERS {
        let own = seen[0].iter().filter(|number| **number / EACH == broadcaster).copied();
        assert!(own.eq(broadcaster * EACH..(broadcaster + 1) * EACH), "each caller's own order is kept");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn joining_and_leaving_stand_where_they_were_called() {
    let namespace = Namespace::new("/").on("dance", |socket: Socket, mut event: Event| async move {
        for round in 0..300_u32 {
            socket.everyone().to("floor").emit("before", &round);
            socket.join("floor").unwrap();
            socket.everyone().to("floor").emit("within", &round);
            socket.leave("floor");
            socket.everyone().to("floor").emit("after", &round);
            if round % 16 == 0 {
                tokio::task::yield_now().await;
            }
        }
        event.acknowledge(&true);
    });
    let server = Server::start(Server::config(), [namespace]).await;
    let mut dancers = tokio::task::JoinSet::new();
    for mut dancer in clients(&server, 4).await {
        dancers.spawn(async move {
            dancer.send(r#"429["dance"]"#).await;
            let mut own = 0;
            loop {
                let packet = dancer.packet().await;
                if packet == "439[true]" {
                    return own;
                }
                // Others emit while this one is in, so it may hear any of theirs, but of its own only this.
                own += u32::from(packet.starts_with(r#"42["within""#));
            }
        });
    }
    assert!(dancers.join_all().await.into_iter().all(|own| own >= 300));

    let mut alone = Client::connect(server.address).await;
    alone.send(r#"429["dance"]"#).await;
    for round in 0..300 {
        assert_eq!(alone.number("within").await, round);
    }
    assert_eq!(alone.packet().await, "439[true]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_are_chosen_and_excepted() {
    let server = Server::start(Server::config(), [echoing("/")]).await;
    // 0 is in none, 1 in a, 2 in b, 3 in both, 4 in c.
    let mut members = clients(&server, 5).await;
    for (member, room) in [(1, "a"), (2, "b"), (3, "a"), (3, "b"), (4, "c")] {
        members[member].ask("join", &format!(r#""{room}""#)).await;
    }
    let space = server.io.namespace("/").unwrap();
    let mut expect: Vec<Vec<&str>> = vec![Vec::new(); 5];
    let mut emit = |text: &'static str, receivers: &[usize], send: &dyn Fn(&NamespaceHandle, &str)| {
        send(&space, text);
        for receiver in receivers {
            expect[*receiver].push(text);
        }
    };
    emit("everyone", &[0, 1, 2, 3, 4], &|space, text| space.emit("said", text));
    emit("a", &[1, 3], &|space, text| space.to("a").emit("said", text));
    emit("a and b, once", &[1, 2, 3], &|space, text| space.to("a").to("b").emit("said", text));
    emit("a and b and a", &[1, 2, 3], &|space, text| space.to("a").to("b").to("a").emit("said", text));
    emit("a without b", &[1], &|space, text| space.to("a").except_room("b").emit("said", text));
    emit("without a and b", &[0, 4], &|space, text| {
        space.broadcast().except_room("a").except_room("b").emit("said", text);
    });
    emit("nowhere", &[], &|space, text| space.to("nowhere").emit("said", text));
    emit("nowhere and c", &[4], &|space, text| space.to("nowhere").to("c").emit("said", text));
    emit("without an empty room", &[0, 1, 2, 3, 4], &|space, text| {
        space.broadcast().except_room("nowhere").emit("said", text);
    });
    emit("volatile", &[1, 3], &|space, text| space.to("a").volatile().emit("said", text));
    emit("end", &[0, 1, 2, 3, 4], &|space, text| space.emit("said", text));
    for (member, expected) in members.iter_mut().zip(expect) {
        for text in expected {
            assert_eq!(member.event("said").await, format!("{text:?}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_excepts_itself() {
    let namespace = echoing("/").on("shout", |socket: Socket, mut event: Event| async move {
        socket.join("here").unwrap();
        socket.to("here").emit("heard", &1);
        socket.broadcast().emit("heard", &2);
        socket.everyone().except(&socket).emit("heard", &3);
        socket.everyone().emit("heard", &4);
        event.acknowledge(&true);
    });
    let server = Server::start(Server::config(), [namespace]).await;
    let mut members = clients(&server, 2).await;
    members[1].ask("join", r#""here""#).await;
    members[0].send(r#"420["shout"]"#).await;
    assert_eq!(members[0].number("heard").await, 4);
    assert_eq!(members[0].packet().await, "430[true]");
    for number in 1..=4 {
        assert_eq!(members[1].number("heard").await, number);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_settled_is_with_the_kernel() {
    let server = Server::start(Server::config(), [echoing("/")]).await;
    let mut members = clients(&server, 8).await;
    let namespace = server.io.namespace("/").unwrap();
    for round in 0..50_u64 {
        namespace.emit("settled", &round);
        namespace.sockets().iter().for_each(|socket| socket.emit_values("own", &Values::one(&round)));
        server.settled().await;
        assert_eq!(server.metrics().packets_out, 8 * (2 + 2 * (round + 1)), "open, CONNECT and these");
    }
    for member in &mut members {
        for round in 0..50 {
            assert_eq!(member.number("settled").await, round);
            assert_eq!(member.number("own").await, round);
        }
    }
}
