//! Who is let in beside the cluster's own, which admission plugins run, what is written into the audit log, and the keys of what is sealed in the store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use apiserver::ENCRYPTION_KEY_BYTES;
use apiserver::admission::Choice;
use apiserver::audit::{Audit, Log, LogConfig, Policy};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::files;

/// Megabytes at which the audit log is put aside, and how often it is kept, where flags do not say.
const AUDIT_LOG_MEGABYTES: u64 = 100;
const AUDIT_LOG_BACKUPS: usize = 10;

/// What the flags say, as the API server of upstream has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Security {
    pub enable_admission_plugins: Option<Vec<String>>,
    pub disable_admission_plugins: Option<Vec<String>>,
    pub audit_policy_file: Option<PathBuf>,
    pub audit_log_path: Option<PathBuf>,
    pub audit_log_maxsize: Option<u64>,
    pub audit_log_maxbackup: Option<usize>,
    pub encryption_key_file: Option<PathBuf>,
    pub oidc_issuer_url: Option<String>,
    pub oidc_client_id: Option<String>,
    pub oidc_ca_file: Option<PathBuf>,
    pub oidc_username_claim: Option<String>,
    pub oidc_username_prefix: Option<String>,
    pub oidc_groups_claim: Option<String>,
    pub oidc_groups_prefix: Option<String>,
    pub oidc_required_claims: Option<Vec<String>>,
    pub oidc_signing_algs: Option<Vec<String>>,
}

impl Security {
    /// These, where they say something, and what was remembered where they do not.
    #[must_use]
    pub fn or(self, remembered: Self) -> Self {
        Self {
            enable_admission_plugins: self.enable_admission_plugins.or(remembered.enable_admission_plugins),
            disable_admission_plugins: self.disable_admission_plugins.or(remembered.disable_admission_plugins),
            audit_policy_file: self.audit_policy_file.or(remembered.audit_policy_file),
            audit_log_path: self.audit_log_path.or(remembered.audit_log_path),
            audit_log_maxsize: self.audit_log_maxsize.or(remembered.audit_log_maxsize),
            audit_log_maxbackup: self.audit_log_maxbackup.or(remembered.audit_log_maxbackup),
            encryption_key_file: self.encryption_key_file.or(remembered.encryption_key_file),
            oidc_issuer_url: self.oidc_issuer_url.or(remembered.oidc_issuer_url),
            oidc_client_id: self.oidc_client_id.or(remembered.oidc_client_id),
            oidc_ca_file: self.oidc_ca_file.or(remembered.oidc_ca_file),
            oidc_username_claim: self.oidc_username_claim.or(remembered.oidc_username_claim),
            oidc_username_prefix: self.oidc_username_prefix.or(remembered.oidc_username_prefix),
            oidc_groups_claim: self.oidc_groups_claim.or(remembered.oidc_groups_claim),
            oidc_groups_prefix: self.oidc_groups_prefix.or(remembered.oidc_groups_prefix),
            oidc_required_claims: self.oidc_required_claims.or(remembered.oidc_required_claims),
            oidc_signing_algs: self.oidc_signing_algs.or(remembered.oidc_signing_algs),
        }
    }

    /// What the API server is given. Reads the files that are named, and makes the key of a new cluster.
    pub fn for_server(&self, config: &Config, front_proxy: apiserver::FrontProxy) -> Result<apiserver::Security> {
        Ok(apiserver::Security {
            admission: Choice {
                enable: self.enable_admission_plugins.clone().unwrap_or_default(),
                disable: self.disable_admission_plugins.clone().unwrap_or_default(),
            },
            oidc: self.oidc()?,
            audit: self.audit()?,
            front_proxy: Some(front_proxy),
            encryption_keys: match &self.encryption_key_file {
                Some(path) => read_keys(path)?,
                None => own_keys(&config.pki_dir().join("encryption.key"))?,
            },
        })
    }

    fn audit(&self) -> Result<Option<Audit>> {
        let (path, policy) = match (&self.audit_log_path, &self.audit_policy_file) {
            (None, None) => return Ok(None),
            (Some(path), Some(policy)) => (path, policy),
            _ => bail!("--audit-log-path and --audit-policy-file need each other"),
        };
        let text = std::fs::read_to_string(policy).with_context(|| format!("the audit policy {}", policy.display()))?;
        let policy = Policy::parse(&text).with_context(|| policy.display().to_string())?;
        let log = LogConfig {
            path: path.clone(),
            most_bytes: self.audit_log_maxsize.unwrap_or(AUDIT_LOG_MEGABYTES).max(1) << 20,
            backups: self.audit_log_maxbackup.unwrap_or(AUDIT_LOG_BACKUPS),
        };
        let log = Log::open(log).with_context(|| format!("the audit log {}", path.display()))?;
        Ok(Some(Audit::new(policy, log)))
    }

    fn oidc(&self) -> Result<Option<apiserver::OidcConfig>> {
        let (issuer_url, client_id) = match (&self.oidc_issuer_url, &self.oidc_client_id) {
            (None, None) => return Ok(None),
            (Some(issuer), Some(client)) => (issuer.clone(), client.clone()),
            _ => bail!("--oidc-issuer-url and --oidc-client-id must be specified together"),
        };
        if !issuer_url.starts_with("https://") {
            bail!("--oidc-issuer-url {issuer_url:?} must be an https URL");
        }
        let ca_pem = match &self.oidc_ca_file {
            Some(path) => std::fs::read(path).with_context(|| format!("--oidc-ca-file {}", path.display()))?,
            None => Vec::new(),
        };
        let mut required_claims = BTreeMap::new();
        for claim in self.oidc_required_claims.iter().flatten() {
            let Some((key, value)) = claim.split_once('=') else { bail!("--oidc-required-claim {claim:?} must be KEY=VALUE") };
            required_claims.insert(key.to_owned(), value.to_owned());
        }
        Ok(Some(apiserver::OidcConfig {
            issuer_url,
            client_id,
            ca_pem,
            username_claim: self.oidc_username_claim.clone().unwrap_or_default(),
            username_prefix: self.oidc_username_prefix.clone(),
            groups_claim: self.oidc_groups_claim.clone().unwrap_or_default(),
            groups_prefix: self.oidc_groups_prefix.clone().unwrap_or_default(),
            required_claims,
            signing_algorithms: self.oidc_signing_algs.clone().unwrap_or_default(),
        }))
    }
}

/// The keys of a file: one a line, base64 of 32 bytes. The first seals, all of them open; empty lines and those that begin with # say nothing.
fn read_keys(path: &Path) -> Result<Vec<Vec<u8>>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("the keys for encryption at rest in {}", path.display()))?;
    let mut keys = Vec::new();
    for (number, line) in text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let key = STANDARD.decode(line).ok().filter(|key| key.len() == ENCRYPTION_KEY_BYTES);
        let Some(key) = key else {
            bail!("line {} of {} is no key: it must be base64 of {ENCRYPTION_KEY_BYTES} bytes", number + 1, path.display());
        };
        keys.push(key);
    }
    if keys.is_empty() {
        bail!("{} has no key", path.display());
    }
    Ok(keys)
}

/// The cluster's own key, made where there is none.
fn own_keys(path: &Path) -> Result<Vec<Vec<u8>>> {
    if !path.exists() {
        let mut key = [0; ENCRYPTION_KEY_BYTES];
        SystemRandom::new().fill(&mut key).map_err(|_| anyhow::anyhow!("no random numbers for a key"))?;
        if let Some(folder) = path.parent() {
            files::create_private_dir(folder).with_context(|| folder.display().to_string())?;
        }
        files::write_private(path, format!("{}\n", STANDARD.encode(key)).as_bytes()).with_context(|| path.display().to_string())?;
    }
    read_keys(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_cluster_makes_its_key_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pki/encryption.key");
        let keys = own_keys(&path).unwrap();
        assert_eq!((keys.len(), keys[0].len()), (1, ENCRYPTION_KEY_BYTES));
        assert_eq!(own_keys(&path).unwrap(), keys);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let rotated = format!("# new\n{}\n\n{}", STANDARD.encode([7; 32]), std::fs::read_to_string(&path).unwrap());
        std::fs::write(&path, rotated).unwrap();
        assert_eq!(own_keys(&path).unwrap(), [vec![7; 32], keys[0].clone()]);
        std::fs::write(&path, "c2hvcnQ=").unwrap();
        assert!(own_keys(&path).unwrap_err().to_string().contains("is no key: it must be base64 of 32 bytes"));
    }

    #[test]
    fn flags_that_need_each_other() {
        let check = |security: Security, expected: &str| {
            let failed = security.oidc().map(|_| ()).and_then(|()| security.audit().map(|_| ())).unwrap_err();
            assert_eq!(failed.to_string(), expected);
        };
        let some = |text: &str| Some(text.to_owned());
        check(
            Security { oidc_issuer_url: some("https://i"), ..Security::default() },
            "--oidc-issuer-url and --oidc-client-id must be specified together",
        );
        check(
            Security { oidc_issuer_url: some("http://i"), oidc_client_id: some("k"), ..Security::default() },
            "--oidc-issuer-url \"http://i\" must be an https URL",
        );
        check(
            Security { audit_log_path: Some("/x".into()), ..Security::default() },
            "--audit-log-path and --audit-policy-file need each other",
        );
    }
}
