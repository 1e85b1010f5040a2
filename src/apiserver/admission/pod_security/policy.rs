//! What the labels of a namespace say: a level at a version for each of the three modes.

use std::collections::BTreeMap;
use std::fmt;

use api::{ErrorList, FieldError, Path};

const PREFIX: &str = "pod-security.kubernetes.io";

/// From what allows everything to what allows least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    #[default]
    Privileged,
    Baseline,
    Restricted,
}

/// The minor version of Kubernetes whose checks are meant; none is the latest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version(pub Option<u32>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At {
    pub level: Level,
    pub version: Version,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub enforce: At,
    pub audit: At,
    pub warn: At,
}

impl Policy {
    /// The policy of a namespace with these labels, and what is wrong with them. What can not be read is strict where it refuses, and silent elsewhere.
    pub fn of(labels: Option<&BTreeMap<String, String>>) -> (Self, ErrorList) {
        let mut policy = Self::default();
        let mut faults = ErrorList::new();
        let get = |name: &str| labels.and_then(|labels| labels.get(&format!("{PREFIX}/{name}")));
        let modes = [
            ("enforce", &mut policy.enforce, Level::Restricted),
            ("audit", &mut policy.audit, Level::Privileged),
            ("warn", &mut policy.warn, Level::Privileged),
        ];
        let mut enforce_is_read = false;
        for (mode, at, unreadable) in modes {
            if let Some(text) = get(mode) {
                match level(text) {
                    Some(level) => {
                        at.level = level;
                        enforce_is_read |= mode == "enforce";
                    }
                    None => {
                        at.level = unreadable;
                        faults.push(fault(mode, text, "must be one of privileged, baseline, restricted"));
                    }
                }
            }
            let name = format!("{mode}-version");
            if let Some(text) = get(&name) {
                at.version = version(text).unwrap_or_else(|| {
                    faults.push(fault(&name, text, "must be \"latest\" or \"v1.x\""));
                    Version(None)
                });
            }
        }
        if get("warn").is_none() && enforce_is_read && policy.enforce.level > policy.warn.level {
            policy.warn.level = policy.enforce.level;
            if get("warn-version").is_none() {
                policy.warn.version = policy.enforce.version;
            }
        }
        (policy, faults)
    }
}

fn fault(name: &str, text: &str, why: &str) -> FieldError {
    FieldError::invalid(&Path::new("metadata").child("labels").key(&format!("{PREFIX}/{name}")), text, why)
}

fn level(text: &str) -> Option<Level> {
    Some(match text {
        "privileged" => Level::Privileged,
        "baseline" => Level::Baseline,
        "restricted" => Level::Restricted,
        _ => return None,
    })
}

fn version(text: &str) -> Option<Version> {
    if text == "latest" {
        return Some(Version(None));
    }
    let minor = text.strip_prefix("v1.")?;
    let canonical = minor.bytes().all(|byte| byte.is_ascii_digit()) && (minor == "0" || !minor.starts_with('0'));
    Some(Version(Some(minor.parse().ok().filter(|_| canonical)?)))
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        };
        match self.version.0 {
            None => write!(f, "{level}:latest"),
            Some(minor) => write!(f, "{level}:v1.{minor}"),
        }
    }
}
