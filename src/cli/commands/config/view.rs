//! `config view`: the kubeconfig as it counts, without secrets unless they are asked for.

use base64::Engine;
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::files::Files;
use crate::error::{CommandError, Result};
use crate::flags::PrintFlags;
use crate::print::Printer;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    print: PrintFlags,
    /// Flatten the resulting kubeconfig file into self-contained output
    #[arg(long)]
    flatten: bool,
    /// Merge the full hierarchy of kubeconfig files
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true")]
    merge: bool,
    /// Remove all information not used by current-context from the output
    #[arg(long)]
    minify: bool,
    /// Display raw byte data and sensitive data
    #[arg(long)]
    raw: bool,
}

impl Args {
    pub fn run(self, session: &mut Session<'_>) -> Result<()> {
        if !self.merge && session.globals.kubeconfig.is_none() {
            return Err(CommandError::message("if merge==false a precise file must be specified"));
        }
        let mut flags = self.print.clone();
        if flags.output.as_deref().unwrap_or_default().is_empty() && flags.template.as_deref().unwrap_or_default().is_empty() {
            flags.output = Some("yaml".to_owned());
        }
        let mut printer = Printer::new(&flags, "")?;
        let mut config = Files::load(&session.globals)?.merged_with(self.flatten);
        if self.minify {
            if let Some(context) = &session.globals.context {
                config["current-context"] = Value::from(context.clone());
            }
            minify(&mut config)?;
        }
        if self.flatten {
            flatten(&mut config)?;
        } else if !self.raw {
            redact(&mut config);
        }
        if matches!(printer, Printer::Json { .. }) {
            let text = output::json::pretty(&Ordered(&config)).map_err(|error| CommandError::message(error.to_string()))?;
            session.ui.print(&text);
            return Ok(());
        }
        printer.print(session, &config)
    }
}

fn entries<'a>(config: &'a mut Value, section: &str) -> impl Iterator<Item = &'a mut Value> {
    config.get_mut(section).and_then(Value::as_array_mut).into_iter().flatten()
}

fn minify(config: &mut Value) -> Result<()> {
    let current = config["current-context"].as_str().unwrap_or_default().to_owned();
    if current.is_empty() {
        return Err(CommandError::message("current-context must exist in order to minify"));
    }
    let Some(context) = entries(config, "contexts").find(|entry| entry["name"] == current.as_str()).cloned() else {
        return Err(CommandError::message(format!("cannot locate context {current}")));
    };
    let used = [
        ("contexts", Value::from(current)),
        ("clusters", context["context"]["cluster"].clone()),
        ("users", context["context"]["user"].clone()),
    ];
    for (section, name) in used {
        let kept: Vec<Value> = entries(config, section).filter(|entry| entry["name"] == name).map(|entry| entry.clone()).collect();
        if section == "clusters" && kept.is_empty() && name.as_str().is_some_and(|name| !name.is_empty()) {
            return Err(CommandError::message(format!("cannot locate cluster {}", name.as_str().unwrap_or_default())));
        }
        config[section] = if kept.is_empty() { Value::Null } else { Value::Array(kept) };
    }
    Ok(())
}

const FILES: [(&str, &str, &str); 3] =
    [("clusters", "cluster", "certificate-authority"), ("users", "user", "client-certificate"), ("users", "user", "client-key")];

/// Puts the contents of files in the place of their names.
fn flatten(config: &mut Value) -> Result<()> {
    for (section, key, field) in FILES {
        for entry in entries(config, section) {
            let Some(path) = entry[key].get(field).and_then(Value::as_str).map(ToOwned::to_owned) else { continue };
            let bytes = std::fs::read(&path).map_err(|_| CommandError::message(format!("open {path}: no such file or directory")))?;
            if let Some(inner) = entry[key].as_object_mut() {
                inner.remove(field);
                inner.insert(format!("{field}-data"), Value::from(base64::engine::general_purpose::STANDARD.encode(bytes)));
            }
        }
    }
    Ok(())
}

fn redact(config: &mut Value) {
    const OMITTED: &str = "DATA+OMITTED";
    const REDACTED: &str = "REDACTED";
    let secrets = [
        ("certificate-authority-data", OMITTED),
        ("client-certificate-data", OMITTED),
        ("client-key-data", OMITTED),
        ("token", REDACTED),
        ("password", REDACTED),
    ];
    for (section, key) in [("clusters", "cluster"), ("users", "user")] {
        for entry in entries(config, section) {
            for (field, shown) in secrets {
                if let Some(secret) = entry[key].get_mut(field) {
                    *secret = Value::from(shown);
                }
            }
        }
    }
}

/// A kubeconfig with its fields in the order of their declaration, as JSON has them.
struct Ordered<'a>(&'a Value);

const ORDER: [&str; 31] = [
    "kind",
    "apiVersion",
    "name",
    "clusters",
    "users",
    "contexts",
    "current-context",
    "context",
    "cluster",
    "user",
    "namespace",
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "as",
    "as-uid",
    "as-groups",
    "as-user-extra",
    "username",
    "password",
    "exec",
];

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut fields: Vec<(&String, &Value)> = map.iter().collect();
                fields.sort_by_key(|(name, _)| ORDER.iter().position(|known| known == name).unwrap_or(ORDER.len()));
                let mut out = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    out.serialize_entry(name, &Ordered(value))?;
                }
                out.end()
            }
            Value::Array(items) => {
                let mut out = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    out.serialize_element(&Ordered(item))?;
                }
                out.end()
            }
            other => other.serialize(serializer),
        }
    }
}
