//! The faces of the older services that Parlor replaces: their clients change a base URL and go on.
//!
//! A dialect translates: an event or a request of its old form becomes one call of `parlor_app`, and what that answers
//! or what others did becomes events and documents of the old form. It holds no state but which of its sockets sits
//! where, no rule and no SQL. Its paths stand under `/<name>`, its Socket.IO namespace has the same name; with
//! [`Settings::root`] both answer at the root too, where several dialects share a few names: see `root`.
//!
//! | file | what it was |
//! |---|---|
//! | [`circle`] | The Circle: a closed group, and a lobby that puts two strangers together |
//! | [`chatbackend`] | ChatBackend: accounts, rooms by gid, a plain TCP push socket |
//! | [`codemaze`] | Codemaze: two players race to solve one problem |
//! | [`noomnim`] | Noomnim: named groups, who read when, one order of messages |
//! | [`social`] | Social Community: people with an email, groups that they pick each other for, watching together |
//!
//! Beside them: [`cors`], which pages elsewhere may call; `client`, who calls; `payload` and `body`, how what was sent
//! is read; `document`, how it is answered.

mod body;
pub mod chatbackend;
pub mod circle;
mod client;
pub mod codemaze;
pub mod cors;
mod document;
mod iso_time;
pub mod noomnim;
mod payload;
mod root;
pub mod social;

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::MethodRouter;
use parlor_app::App;
use parlor_app::group_faces::{GroupFace, GroupRoad};
use parlor_app::lobby::told::LobbyFace;
use parlor_app::videos::Videos;
use parlor_socketio::{Event, Namespace, Socket, SocketIo, Values};
use tokio::net::TcpListener;

use chatbackend::ChatBackend;
use circle::Circle;
pub use client::Encrypted;
use codemaze::Codemaze;
use cors::Origins;
use noomnim::Noomnim;
use social::Social;

/// The name of every dialect, as in its URLs and in the settings.
pub const NAMES: &[&str] = &[circle::NAME, noomnim::NAME, chatbackend::NAME, codemaze::NAME, social::NAME];

/// How often they look at the clock.
const ROUND: Duration = Duration::from_secs(1);

/// Which dialects there are, and where.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether they answer at the root too.
    pub root: bool,
    /// Pages of which other origins may call those that know no cookie.
    pub cors_origins: Origins,
    /// `None`: not mounted.
    pub circle: Option<circle::Settings>,
    /// `None`: not mounted.
    pub noomnim: Option<noomnim::Settings>,
    /// Whether it is mounted.
    pub chatbackend: bool,
    /// `None`: not mounted.
    pub social: Option<social::Settings>,
    /// Whether it is mounted; it has no settings.
    pub codemaze: bool,
}

impl Settings {
    /// Whether pages of an origin may have sockets: the lists of all dialects are taken together.
    #[must_use]
    pub fn may_open_sockets(&self, origin: &HeaderValue) -> bool {
        let named = self.social.as_ref().is_some_and(|social| social.cors_origins.allow(origin));
        named || self.cors_origins.allow(origin)
    }
}

/// The dialects of one server.
pub struct Dialects {
    root: bool,
    origins: Origins,
    mounted: Vec<Arc<dyn Dialect>>,
    /// The one with a socket of its own.
    chatbackend: Option<Arc<ChatBackend>>,
}

/// What stands between an old protocol and the operations.
trait Dialect: Send + Sync {
    /// In its URLs.
    fn name(&self) -> &'static str;

    /// Whether it has an event of that name.
    fn knows(&self, event: &str) -> bool;

    /// Whether an event of the root namespace, whose name several dialects have, is meant for this one.
    fn claims(&self, socket: &Socket, event: &Event) -> bool;

    /// Whether it listens at the root too, where it answers there.
    fn listens_at_root(&self) -> bool {
        true
    }

    /// Does what an event says. Events of one socket come one after another.
    fn handle<'a>(&'a self, socket: &'a Socket, event: &'a mut Event) -> Work<'a>;

    /// A socket is gone, after its last event; it may never have said anything to this dialect.
    fn gone<'a>(&'a self, socket: &'a Socket) -> Work<'a>;

    /// Below which paths it answers, besides the root.
    fn prefixes(&self) -> &'static [&'static str];

    /// Its REST paths, but for `/groups`.
    fn routes(self: Arc<Self>) -> Router;

    /// What it answers at `/groups`, the path that several dialects have at the root.
    fn groups(self: Arc<Self>) -> Option<MethodRouter> {
        None
    }

    /// Whether a request for that path at the root is meant for this one.
    fn claims_request(&self, _: &HeaderMap) -> bool {
        true
    }

    /// The origins whose pages may send its cookie, where it has one.
    fn cookie_origins(&self) -> Option<&Origins> {
        None
    }

    /// Said once, before its first event: how it speaks to its sockets and follows groups, and whether it answers at
    /// the root too.
    fn attach(&self, io: &SocketIo, groups: &Arc<dyn GroupRoad>, root: bool);

    /// What has to be done all the time; begun once, ended by dropping it.
    fn work(&self) -> Work<'_> {
        Box::pin(std::future::pending())
    }

    /// What has to be done from time to time; called every second.
    fn tidy(&self) -> Work<'_> {
        Box::pin(std::future::ready(()))
    }

    /// It, where people are in lobbies through it.
    fn lobby_face(self: Arc<Self>) -> Option<Arc<dyn LobbyFace>> {
        None
    }

    /// It, where it tells its sockets what happens in groups.
    fn group_face(self: Arc<Self>) -> Option<Arc<dyn GroupFace>> {
        None
    }
}

type Work<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

impl Dialects {
    /// Those that the settings name.
    #[must_use]
    pub fn new(app: &App, videos: &Videos, settings: Settings) -> Self {
        let mut mounted: Vec<Arc<dyn Dialect>> = Vec::new();
        if let Some(settings) = settings.circle {
            mounted.push(Arc::new(Circle::new(app.clone(), settings)));
        }
        if let Some(settings) = settings.noomnim {
            mounted.push(Arc::new(Noomnim::new(app.clone(), settings)));
        }
        let chatbackend = settings.chatbackend.then(|| Arc::new(ChatBackend::new(app.clone())));
        mounted.extend(chatbackend.clone().map(|chat| chat as _));
        if settings.codemaze {
            mounted.push(Arc::new(Codemaze::new(app.clone())));
        }
        if let Some(settings) = settings.social {
            mounted.push(Arc::new(Social::new(app.clone(), videos.clone(), settings)));
        }
        Self { root: settings.root, origins: settings.cors_origins, mounted, chatbackend }
    }

    /// Their Socket.IO namespaces; the server that is made of them is handed to [`Dialects::attach`].
    #[must_use]
    pub fn namespaces(&self) -> Vec<Namespace> {
        // The namespaces belong to the server, and what is here has handles to it: they may look at their dialect, not
        // own it.
        let mounted: Vec<Weak<dyn Dialect>> = self.mounted.iter().map(Arc::downgrade).collect();
        let own = self.mounted.iter().zip(&mounted);
        let own = own.map(|(dialect, weak)| namespace(&format!("/{}", dialect.name()), vec![weak.clone()]));
        let there = self.mounted.iter().filter(|dialect| self.root && dialect.listens_at_root());
        let there: Vec<Weak<dyn Dialect>> = there.map(Arc::downgrade).collect();
        let root = (!there.is_empty()).then(|| namespace("/", there));
        own.chain(root).collect()
    }

    /// Lets them speak to their sockets, and follow groups. Nothing is heard from a dialect before.
    pub fn attach(&self, io: &SocketIo, groups: &Arc<dyn GroupRoad>) {
        for dialect in &self.mounted {
            dialect.attach(io, groups, self.root);
        }
    }

    /// Their REST paths.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let mut router = Router::new();
        for dialect in &self.mounted {
            let routes = dialect.clone().routes();
            let own = root::with_groups(routes.clone(), dialect.clone().groups());
            for prefix in dialect.prefixes() {
                router = router.nest(prefix, self.let_pages_call(dialect.as_ref(), own.clone()));
            }
            if self.root {
                router = router.merge(self.let_pages_call(dialect.as_ref(), routes));
            }
        }
        if self.root {
            router = router.merge(root::groups(&self.mounted, &self.origins));
        }
        router.with_state(())
    }

    /// Does what they have to do all the time, for ever; whoever starts the server runs it and drops it at the end.
    pub async fn work(&self) {
        futures_util::future::join_all(self.mounted.iter().map(|dialect| dialect.work())).await;
    }

    /// Does what they have to do from time to time, for ever; whoever starts the server runs it and drops it at the end.
    pub async fn keep_tidy(&self) {
        let mut round = tokio::time::interval(ROUND);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            round.tick().await;
            for dialect in &self.mounted {
                dialect.tidy().await;
            }
        }
    }

    /// Where the push socket is; said once, before [`Dialects::push`].
    pub fn listen_for_push(&self, socket: TcpListener) {
        if let Some(chat) = &self.chatbackend {
            chat.push_socket().listen(socket);
        }
    }

    /// The address of the push socket.
    #[must_use]
    pub fn push_address(&self) -> Option<SocketAddr> {
        self.chatbackend.as_ref()?.push_socket().address()
    }

    /// Serves the push socket, for ever; whoever starts the server runs it and drops it at the end.
    pub async fn push(&self) {
        match &self.chatbackend {
            Some(chat) => chat.clone().push().await,
            None => std::future::pending().await,
        }
    }

    fn let_pages_call(&self, dialect: &dyn Dialect, routes: Router) -> Router {
        match dialect.cookie_origins() {
            Some(origins) => cors::with_credentials(routes, origins),
            None => cors::open(routes, &self.origins),
        }
    }

    /// Those of them through which people are in lobbies.
    #[must_use]
    pub fn lobby_faces(&self) -> Vec<Arc<dyn LobbyFace>> {
        self.mounted.iter().filter_map(|dialect| dialect.clone().lobby_face()).collect()
    }

    /// Those of them that tell their sockets what happens in groups.
    #[must_use]
    pub fn group_faces(&self) -> Vec<Arc<dyn GroupFace>> {
        self.mounted.iter().filter_map(|dialect| dialect.clone().group_face()).collect()
    }
}

/// A namespace whose events go to these dialects.
fn namespace(name: &str, dialects: Vec<Weak<dyn Dialect>>) -> Namespace {
    let listening = dialects.clone();
    Namespace::new(name)
        .fallback(move |socket, mut event| {
            let dialect = root::addressee(&dialects, &socket, &event);
            async move {
                if let Some(dialect) = dialect {
                    dialect.handle(&socket, &mut event).await;
                }
                // Most of the old services said nothing in an acknowledgement, but all of them gave one.
                if let Some(ack) = event.take_ack() {
                    ack.send_values(&Values::new());
                }
            }
        })
        .disconnected(move |socket, _reason| {
            let dialects: Vec<_> = listening.iter().filter_map(Weak::upgrade).collect();
            async move {
                for dialect in dialects {
                    dialect.gone(&socket).await;
                }
            }
        })
}
