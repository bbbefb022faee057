//! Opens what the server stands on, in order, and says in one sentence what is wrong where it cannot.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parlor_app::group_faces::GroupRoad;
use parlor_app::videos::Videos;
use parlor_app::{App, Edges, PasswordCost, Settings};
use parlor_bus::{Address as BusAddress, Bus};
use parlor_dialects::Dialects;
use parlor_store::copy::{self, CopyError, Progress};
use parlor_store::{BackupError, Store, back_up_sqlite, nodes};
use tokio::net::TcpListener;

use crate::config::{Address, Config, SecretUrl};
use crate::deps::Deps;
use crate::realtime::Realtime;
use crate::telemetry::metrics::Metrics;
use crate::videos::RealSites;
use crate::{duels, listen, router, serve, tls};

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error("the data folder {} cannot be used: {error}", folder.display())]
    DataFolder {
        /// Which.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The database says why.
    #[error(transparent)]
    Store(#[from] parlor_store::OpenError),
    /// An address to listen on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Which.
        address: Address,
        /// Why.
        error: io::Error,
    },
    /// The bus between the nodes: its address, or what its server says.
    #[error("{0}")]
    Bus(String),
    /// A setting that this build cannot follow.
    #[error("{0}")]
    NotInThisBuild(&'static str),
    /// Certificate or key.
    #[error("{0}")]
    Tls(String),
    /// A copy of the database.
    #[error("no backup was made")]
    Backup(#[source] BackupError),
    /// A copy from one kind of database to the other.
    #[error(transparent)]
    Copy(CopyError),
    /// There is nothing to copy.
    #[error("there is no database at {}", .0.display())]
    NoDatabase(PathBuf),
    /// The operations, once everything was open.
    #[error("the database cannot be read")]
    App(#[from] parlor_app::Failure),
}

/// Runs the server from its settings until `stop` is done.
///
/// # Errors
/// [`StartError`], before the first connection is taken.
pub async fn run(config: Config, stop: impl Future<Output = ()>) -> Result<(), StartError> {
    let certificate = config.tls.as_ref().map(tls::load).transpose()?;
    let deps = Arc::new(open(config, PasswordCost::default()).await?);
    let listener = listen_on(&deps.config.bind).await?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::Listen { address: deps.config.bind.clone(), error })?;
    let scraper = match &deps.config.metrics_bind {
        Some(address) => Some(listen_on(address).await?),
        None => None,
    };
    if !deps.config.rate_limits {
        tracing::warn!("rate limits are off: nothing slows down somebody who guesses passwords or codes");
    }
    let (stopped, stop_scraper) = tokio::sync::oneshot::channel::<()>();
    let scraper = scraper.map(|listener| {
        let deps = deps.clone();
        tokio::spawn(listen::serve(listener, router::metrics_router(deps), None, async {
            let _ = stop_scraper.await;
        }))
    });
    announce(&deps, address).await?;
    serve(listener, certificate, deps, stop).await;
    drop(stopped);
    if let Some(scraper) = scraper {
        let _ = scraper.await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// The store, the bus, the operations over them, and the sockets.
///
/// # Errors
/// [`StartError`]
pub async fn open(config: Config, password_cost: PasswordCost) -> Result<Deps, StartError> {
    let bus_address = bus_address(&config)?;
    let push_socket = push_socket(&config).await?;
    let edges = Edges::system();
    let store = open_store(&config, &edges).await?;
    let bus = open_bus(bus_address, &store, &edges).await?;
    let settings = Settings { rate_limits: config.rate_limits };
    let app = App::with_password_cost(store, bus.clone(), edges, settings, password_cost);
    let folder = config.data.join("uploads");
    app.open_uploads(folder.clone(), config.uploads)
        .map_err(|error| StartError::DataFolder { folder, error })?;
    app.take_over_lobbies().await?;
    app.enter_nodes().await?;
    app.void_unfinished_duels().await?;
    let sites = Arc::new(RealSites::new(&config.videos));
    let videos = Videos::new(app.clone(), sites, config.videos.searches_per_day);
    let metrics = Metrics::default();
    let dialects = Dialects::new(&app, &videos, config.compat.clone());
    let realtime = Realtime::start(app.clone(), config.rate_limits, dialects.namespaces());
    let groups: Arc<dyn GroupRoad> = Arc::new(realtime.clone());
    dialects.attach(&realtime.service(), &groups);
    realtime.set_group_faces(&dialects.group_faces());
    if let Some(socket) = push_socket {
        dialects.listen_for_push(socket);
    }
    duels::start(app.clone(), config.duels.clone(), config.ai.clone());
    realtime.count_in(&metrics);
    count_in(&bus, &metrics);
    Ok(Deps { app, videos, bus, realtime, dialects, config, metrics })
}

/// The push socket; before anything is opened. Where nobody asked for it by name a taken port costs only the socket.
async fn push_socket(config: &Config) -> Result<Option<TcpListener>, StartError> {
    let Some(address) = config.tcp_bind.as_ref().filter(|_| config.compat.chatbackend) else {
        return Ok(None);
    };
    match listen_on(address).await {
        Ok(socket) => Ok(Some(socket)),
        Err(error) if config.tcp_bind_by_hand => Err(error),
        Err(error) => {
            tracing::warn!("{error}; there is no push socket (tcp.bind)");
            Ok(None)
        }
    }
}

async fn open_store(config: &Config, edges: &Edges) -> Result<Store, StartError> {
    prepare(&config.data)?;
    let (database, epoch_if_restored) = (Database::of(config), edges.new_epoch());
    // Migrations run here: a thread may wait for them, the event loop may not.
    let opened = tokio::task::spawn_blocking(move || match database {
        Database::Sqlite(path) => Store::open_sqlite(&path, epoch_if_restored),
        Database::Postgres(url) => Store::open_postgres(url.reveal()),
    });
    Ok(opened.await.expect("opening a database does not panic")?)
}

/// Where the other nodes are met; before anything is opened, so that a wrong setting changes nothing.
fn bus_address(config: &Config) -> Result<Option<BusAddress>, StartError> {
    let Some(url) = &config.bus_url else { return Ok(None) };
    let address =
        BusAddress::parse(url.reveal()).map_err(|error| StartError::Bus(format!("bus.url {error}")))?;
    let database = config.database_url.as_ref().map_or("", |url| url.reveal());
    if !database.starts_with("postgres") {
        return Err(StartError::Bus(
            "bus.url is for several nodes, and they need PostgreSQL: set database.url to postgres://…, or leave bus.url \
             empty (and PEER off)"
                .to_owned(),
        ));
    }
    Ok(Some(address))
}

/// The bus of a single node, or that of all which share the database.
async fn open_bus(address: Option<BusAddress>, store: &Store, edges: &Edges) -> Result<Bus, StartError> {
    let Some(address) = address else { return Ok(Bus::in_process()) };
    let random = edges.new_epoch().get();
    let family = store.write(move |write| nodes::family(write, random)).await?;
    let node = edges.new_epoch().get();
    address.open(family, node).await.map_err(|refused| StartError::Bus(format!("bus.url: {refused}")))
}

/// Adds what the bus counts to the page of numbers.
fn count_in(bus: &Bus, metrics: &Metrics) {
    let bus = bus.clone();
    metrics.add_source(move |page| {
        let counters = bus.counters();
        page.gauge(
            "parlor_bus_connected",
            "Whether other nodes can be reached.",
            f64::from(u8::from(bus.is_connected())),
        );
        page.counter(
            "parlor_bus_connections_total",
            "Connections to the server between the nodes.",
            counters.connections as f64,
        );
        page.counter(
            "parlor_bus_dropped_total",
            "Hints that were dropped before the other nodes had them.",
            counters.dropped as f64,
        );
    });
}

/// Copies the database into a new file, also while a server is using it.
///
/// # Errors
/// [`StartError`], also where the file is there already.
pub async fn backup(config: &Config, to: &Path) -> Result<(), StartError> {
    let path = match Database::of(config) {
        Database::Sqlite(path) => path,
        Database::Postgres(_) => return Err(StartError::Backup(BackupError::NotSqlite)),
    };
    if !path.is_file() {
        return Err(StartError::NoDatabase(path));
    }
    let to = to.to_owned();
    let copied = tokio::task::spawn_blocking(move || back_up_sqlite(&path, &to)).await;
    copied.expect("copying a database does not panic").map_err(StartError::Backup)
}

/// Copies everything from one database to the other, and tells `out` how far it is.
///
/// # Errors
/// [`StartError`], also where the target holds other data.
pub async fn copy_database(
    from: &SecretUrl,
    to: &SecretUrl,
    mut out: impl io::Write + Send + 'static,
) -> Result<(), StartError> {
    let (from, to) = (Database::at(from).place(), Database::at(to).place());
    let epoch = Edges::system().new_epoch();
    // Nobody may be looking.
    let mut say =
        move |line: String| drop(out.write_all((line + "\n").as_bytes()).and_then(|()| out.flush()));
    let copied = tokio::task::spawn_blocking(move || {
        let copied = copy::copy(&from, &to, epoch, &mut |progress| match progress {
            Progress::Resumed => say("a copy was begun before: it goes on".to_owned()),
            Progress::Rows { table, rows } => say(format!("{table}: {rows}")),
            Progress::Checking => say("comparing both".to_owned()),
        })?;
        say(format!("{} rows are copied; the logs of {} groups are the same", copied.rows, copied.groups));
        Ok(())
    });
    copied.await.expect("copying a database does not panic").map_err(StartError::Copy)
}

/// Where the data is.
enum Database {
    /// In the data folder, or the file of a `sqlite://` address.
    Sqlite(PathBuf),
    /// `postgres://…`
    Postgres(SecretUrl),
}

impl Database {
    fn of(config: &Config) -> Self {
        config.database_url.as_ref().map_or_else(|| Self::Sqlite(config.data.join("parlor.db")), Self::at)
    }

    fn at(url: &SecretUrl) -> Self {
        match url.reveal().strip_prefix("sqlite://") {
            Some(path) => Self::Sqlite(PathBuf::from(path)),
            None => Self::Postgres(url.clone()),
        }
    }

    fn place(self) -> copy::Place {
        match self {
            Self::Sqlite(path) => copy::Place::Sqlite(path),
            Self::Postgres(url) => copy::Place::Postgres(url.reveal().to_owned()),
        }
    }
}

/// Makes the folder, for its owner alone: it holds what people wrote.
fn prepare(folder: &Path) -> Result<(), StartError> {
    let failed = |error| StartError::DataFolder { folder: folder.to_owned(), error };
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(failed)
}

async fn listen_on(address: &Address) -> Result<TcpListener, StartError> {
    let place = (address.host.as_str(), address.port);
    TcpListener::bind(place).await.map_err(|error| StartError::Listen { address: address.clone(), error })
}

/// One line for the log; for people the address and, while there is no account, the way to make the first one.
/// The link is a secret and goes to stdout alone.
async fn announce(deps: &Deps, address: SocketAddr) -> Result<(), StartError> {
    let config = &deps.config;
    let database = config.database_url.as_ref().map_or("sqlite".to_owned(), ToString::to_string);
    let version = env!("CARGO_PKG_VERSION");
    let bus = config.bus_url.as_ref().map_or("in-process".to_owned(), ToString::to_string);
    tracing::info!(version, database, bus, address = %address, "parlor is ready");
    let url = config.url(address.port());
    let mut lines = format!("Parlor {version} is at {url}\n");
    if let Some(token) = deps.app.first_admin_token().await? {
        lines.push_str(&format!("Make the first admin, once, at {url}/welcome?admin={}\n", token.reveal()));
    }
    lines.push_str("Press Ctrl+C to stop.\n");
    // Nobody may be listening there, as under a service manager.
    let _ = io::stdout().write_all(lines.as_bytes());
    let _ = io::stdout().flush();
    Ok(())
}
