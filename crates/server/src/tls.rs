//! TLS in the server itself, for those without a proxy in front: certificate and key are read once, at start.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Tls;
use crate::start::StartError;

/// A certificate with its key, ready for a listener.
pub struct ServerTls(Arc<rustls::ServerConfig>);

impl ServerTls {
    /// For the listener.
    #[must_use]
    pub fn into_inner(self) -> Arc<rustls::ServerConfig> {
        self.0
    }
}

/// Reads the two files.
///
/// # Errors
/// One sentence: which file, and what is wrong with it. Nothing of a key is in it.
pub fn load(tls: &Tls) -> Result<ServerTls, StartError> {
    let wrong = |path: &Path, why: String| StartError::Tls(format!("{}: {why}", path.display()));
    let chain = CertificateDer::pem_file_iter(&tls.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(&tls.cert, format!("no certificate can be read from it ({error})")))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key)
        .map_err(|error| wrong(&tls.key, format!("no private key can be read from it ({error})")))?;
    if chain.is_empty() {
        return Err(wrong(&tls.cert, "there is no certificate in it".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&tls.cert, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| {
            wrong(&tls.cert, format!("the certificate and the key cannot be used together ({error})"))
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(ServerTls(Arc::new(config)))
}
