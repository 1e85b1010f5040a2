//! `config`: shows and changes kubeconfig files.

mod files;
mod view;

use base64::Engine;
use output::tabwriter::{Layout, align};
use serde_json::{Map, Value, json};

use crate::error::{CommandError, Result};
use crate::session::Session;
use files::Files;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Display the current-context
    CurrentContext,
    /// Delete the specified cluster from the kubeconfig
    DeleteCluster { words: Vec<String> },
    /// Delete the specified context from the kubeconfig
    DeleteContext { words: Vec<String> },
    /// Delete the specified user from the kubeconfig
    DeleteUser { words: Vec<String> },
    /// Display clusters defined in the kubeconfig
    GetClusters,
    /// Describe one or many contexts
    GetContexts {
        /// When using the default or custom-column output format, don't print headers (default print headers).
        #[arg(long)]
        no_headers: bool,
        /// Output format. One of: (name).
        #[arg(short, long, default_value = "")]
        output: String,
        names: Vec<String>,
    },
    /// Display users defined in the kubeconfig
    GetUsers,
    /// Rename a context from the kubeconfig file
    RenameContext { words: Vec<String> },
    /// Set an individual value in a kubeconfig file
    Set {
        /// When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding.
        #[arg(long)]
        set_raw_bytes: bool,
        words: Vec<String>,
    },
    /// Set a cluster entry in kubeconfig
    SetCluster {
        /// embed-certs for the cluster entry in kubeconfig
        #[arg(long)]
        embed_certs: bool,
        words: Vec<String>,
    },
    /// Set a context entry in kubeconfig
    SetContext {
        /// Modify the current context
        #[arg(long)]
        current: bool,
        words: Vec<String>,
    },
    /// Set a user entry in kubeconfig
    SetCredentials {
        /// Embed client cert/key for the user entry in kubeconfig
        #[arg(long)]
        embed_certs: bool,
        words: Vec<String>,
    },
    /// Unset an individual value in a kubeconfig file
    Unset { words: Vec<String> },
    /// Set the current-context in a kubeconfig file
    #[command(alias = "use")]
    UseContext { words: Vec<String> },
    /// Display merged kubeconfig settings or a specified kubeconfig file
    View(Box<view::Args>),
}

impl Args {
    pub fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            Command::View(args) => return args.run(session),
            Command::CurrentContext => {
                let current = Files::load(&session.globals)?.current_context();
                if current.is_empty() {
                    return Err(CommandError::message("current-context is not set"));
                }
                session.ui.line(&current);
            }
            Command::DeleteCluster { words } => delete(session, "clusters", &words)?,
            Command::DeleteContext { words } => delete(session, "contexts", &words)?,
            Command::DeleteUser { words } => delete(session, "users", &words)?,
            Command::GetClusters => names(session, "clusters")?,
            Command::GetUsers => names(session, "users")?,
            Command::GetContexts { no_headers, output, names } => contexts(session, no_headers, &output, &names)?,
            Command::RenameContext { words } => rename(session, &words)?,
            Command::Set { set_raw_bytes, words } => set(session, &words, set_raw_bytes)?,
            Command::Unset { words } => unset(session, &words)?,
            Command::SetCluster { embed_certs, words } => {
                let name = only(&words)?;
                let fields = cluster_fields(session, embed_certs)?;
                change(session, "clusters", "Cluster", &name, fields, "set", "set")?;
            }
            Command::SetCredentials { embed_certs, words } => {
                let name = only(&words)?;
                let fields = user_fields(session, embed_certs)?;
                change(session, "users", "User", &name, fields, "set", "set")?;
            }
            Command::SetContext { current, words } => set_context(session, current, &words)?,
            Command::UseContext { words } => {
                let name = only(&words)?;
                let mut files = Files::load(&session.globals)?;
                if files.get("contexts", &name).is_none() {
                    return Err(CommandError::message(format!("no context exists with the name: {name:?}")));
                }
                files.set_current_context(&name)?;
                session.ui.line(&format!("Switched to context {name:?}."));
            }
        }
        Ok(())
    }
}

fn unexpected(words: &[String]) -> CommandError {
    CommandError::message(format!("Unexpected args: [{}]", words.join(" ")))
}

fn only(words: &[String]) -> Result<String> {
    match words {
        [word] => Ok(word.clone()),
        _ => Err(unexpected(words)),
    }
}

fn delete(session: &mut Session<'_>, section: &str, words: &[String]) -> Result<()> {
    let name = only(words)?;
    let kind = files::inner_key(section);
    let mut files = Files::load(&session.globals)?;
    let file = files.default_file().to_owned();
    if files.get(section, &name).is_none() {
        return Err(CommandError::message(format!("cannot delete {kind} {name}, not in {file}")));
    }
    if section == "contexts" && files.current_context() == name {
        session.ui.error_line("warning: this removed your active context, use \"kubectl config use-context\" to select a different one");
    }
    files.set(section, &name, None)?;
    session.ui.line(&format!("deleted {kind} {name} from {file}"));
    Ok(())
}

fn names(session: &mut Session<'_>, section: &str) -> Result<()> {
    let names = Files::load(&session.globals)?.names(section);
    session.ui.line("NAME");
    names.iter().for_each(|name| session.ui.line(name));
    Ok(())
}

fn contexts(session: &mut Session<'_>, no_headers: bool, output: &str, wanted: &[String]) -> Result<()> {
    if !matches!(output, "" | "name") {
        return Err(CommandError::message(format!(
            "--output {output} is not available in kubectl config get-contexts; resetting to default output format"
        )));
    }
    let files = Files::load(&session.globals)?;
    let all = files.names("contexts");
    let mut shown: Vec<&String> =
        if wanted.is_empty() { all.iter().collect() } else { wanted.iter().filter(|name| all.contains(name)).collect() };
    shown.sort();
    let missing = wanted.iter().filter(|name| !all.contains(name)).map(|name| CommandError::message(format!("context {name} not found")));
    let mut text = String::new();
    if !no_headers && output.is_empty() {
        text.push_str("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
    }
    let current = files.current_context();
    for name in shown {
        if output == "name" {
            text.push_str(&format!("{name}\n"));
            continue;
        }
        let context = files.get("contexts", name).unwrap_or_default();
        let field = |key: &str| context.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mark = if *name == current { "*" } else { " " };
        text.push_str(&format!("{mark}\t{name}\t{}\t{}\t{}\n", field("cluster"), field("user"), field("namespace")));
    }
    session.ui.print(&align(Layout::TABLE, &text));
    CommandError::all(missing.collect())
}

fn rename(session: &mut Session<'_>, words: &[String]) -> Result<()> {
    let [name, new] = words else { return Err(unexpected(words)) };
    if new.is_empty() {
        return Err(CommandError::message("You must specify a new non-empty context name"));
    }
    let mut files = Files::load(&session.globals)?;
    let file = files.default_file().to_owned();
    let Some(context) = files.get("contexts", name) else {
        return Err(CommandError::message(format!("cannot rename the context {name:?}, it's not in {file}")));
    };
    if files.get("contexts", new).is_some() {
        return Err(CommandError::message(format!("cannot rename the context {name:?}, the context {new:?} already exists in {file}")));
    }
    let was_current = files.current_context() == *name;
    files.set("contexts", name, None)?;
    files.set("contexts", new, Some(context))?;
    if was_current {
        files.set_current_context(new)?;
    }
    session.ui.line(&format!("Context {name:?} renamed to {new:?}."));
    Ok(())
}

fn set_context(session: &mut Session<'_>, current: bool, words: &[String]) -> Result<()> {
    let name = match words {
        [] if current => {
            let name = Files::load(&session.globals)?.current_context();
            if name.is_empty() {
                return Err(CommandError::message("no current context is set"));
            }
            name
        }
        [] => return Err(CommandError::message("you must specify a non-empty context name or --current")),
        [_] if current => return Err(CommandError::message("you cannot specify both a context name and --current")),
        [name] => name.clone(),
        _ => return Err(unexpected(words)),
    };
    let globals = &session.globals;
    let given = [("cluster", &globals.cluster), ("user", &globals.user), ("namespace", &globals.namespace)];
    let fields = given.into_iter().filter_map(|(key, value)| value.as_ref().map(|value| (key, Value::from(value.clone())))).collect();
    change(session, "contexts", "Context", &name, fields, "created", "modified")
}

type Fields = Vec<(&'static str, Value)>;

/// Writes fields into an entry; a null takes one out.
fn change(session: &mut Session<'_>, section: &str, kind: &str, name: &str, fields: Fields, created: &str, modified: &str) -> Result<()> {
    let mut files = Files::load(&session.globals)?;
    let before = files.get(section, name);
    let mut entry = before.clone().unwrap_or_else(|| json!({}));
    if !entry.is_object() {
        entry = json!({});
    }
    let map = entry.as_object_mut().expect("it has just been made an object");
    for (key, value) in fields {
        put(map, key, value);
    }
    files.set(section, name, Some(entry))?;
    session.ui.line(&format!("{kind} {name:?} {}.", if before.is_some() { modified } else { created }));
    Ok(())
}

fn put(map: &mut Map<String, Value>, key: &str, value: Value) {
    if value.is_null() {
        map.remove(key);
    } else {
        map.insert(key.to_owned(), value);
    }
}

fn embedded(flag: &str, path: &str) -> Result<Value> {
    let bytes = std::fs::read(path)
        .map_err(|_| CommandError::message(format!("could not stat {flag} file {path}: stat {path}: no such file or directory")))?;
    Ok(Value::from(base64::engine::general_purpose::STANDARD.encode(bytes)))
}

fn absolute(path: &str) -> Value {
    Value::from(std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string()))
}

fn cluster_fields(session: &Session<'_>, embed: bool) -> Result<Fields> {
    let globals = &session.globals;
    let authority = globals.certificate_authority.as_deref().filter(|path| !path.is_empty());
    if globals.insecure_skip_tls_verify && authority.is_some() {
        return Err(CommandError::message("you cannot specify a certificate authority and insecure mode at the same time"));
    }
    let mut fields: Fields = Vec::new();
    if let Some(server) = &globals.server {
        fields.extend([("server", Value::from(server.clone())), ("tls-server-name", Value::Null)]);
    }
    if let Some(name) = &globals.tls_server_name {
        fields.push(("tls-server-name", Value::from(name.clone())));
    }
    if globals.insecure_skip_tls_verify {
        fields.extend([
            ("insecure-skip-tls-verify", Value::from(true)),
            ("certificate-authority", Value::Null),
            ("certificate-authority-data", Value::Null),
        ]);
    }
    match authority {
        Some(path) if embed => fields.extend([
            ("certificate-authority-data", embedded("certificate-authority", path)?),
            ("certificate-authority", Value::Null),
            ("insecure-skip-tls-verify", Value::Null),
        ]),
        Some(path) => fields.extend([
            ("certificate-authority", absolute(path)),
            ("certificate-authority-data", Value::Null),
            ("insecure-skip-tls-verify", Value::Null),
        ]),
        None if embed => return Err(CommandError::message("you must specify a --certificate-authority to embed")),
        None => {}
    }
    fields.extend(globals.proxy_url.as_ref().map(|url| ("proxy-url", Value::from(url.clone()))));
    Ok(fields)
}

fn user_fields(session: &Session<'_>, embed: bool) -> Result<Fields> {
    let globals = &session.globals;
    if globals.token.is_some() && (globals.username.is_some() || globals.password.is_some()) {
        return Err(CommandError::message(
            "you cannot specify more than one authentication method at the same time: --token, --username/--password",
        ));
    }
    if embed && globals.client_certificate.is_none() && globals.client_key.is_none() {
        return Err(CommandError::message("you must specify a --client-certificate or --client-key to embed"));
    }
    let mut fields: Fields = Vec::new();
    for (path, flag, data) in [
        (&globals.client_certificate, "client-certificate", "client-certificate-data"),
        (&globals.client_key, "client-key", "client-key-data"),
    ] {
        match path {
            Some(path) if embed => fields.extend([(data, embedded(flag, path)?), (flag, Value::Null)]),
            Some(path) => fields.extend([(flag, absolute(path)), (data, Value::Null)]),
            None => {}
        }
    }
    if let Some(token) = &globals.token {
        fields.extend([("token", Value::from(token.clone())), ("username", Value::Null), ("password", Value::Null)]);
    }
    for (value, key) in [(&globals.username, "username"), (&globals.password, "password")] {
        if let Some(value) = value {
            fields.extend([(key, Value::from(value.clone())), ("token", Value::Null)]);
        }
    }
    Ok(fields)
}

/// Where a property stands: the current context, a section, an entry, or a field of one. Names may have dots; what follows the last known field name is its path.
enum Property {
    CurrentContext,
    Section(&'static str),
    Entry(&'static str, String),
    Field(&'static str, String, String),
}

/// The fields that can be set on their own.
const FIELDS: [(&str, &[&str]); 3] = [
    (
        "clusters",
        &[
            "server",
            "tls-server-name",
            "insecure-skip-tls-verify",
            "certificate-authority",
            "certificate-authority-data",
            "proxy-url",
            "disable-compression",
        ],
    ),
    ("contexts", &["cluster", "user", "namespace"]),
    (
        "users",
        &[
            "client-certificate",
            "client-certificate-data",
            "client-key",
            "client-key-data",
            "token",
            "tokenFile",
            "act-as",
            "username",
            "password",
        ],
    ),
];

fn property(path: &str) -> Result<Property> {
    if path == "current-context" {
        return Ok(Property::CurrentContext);
    }
    let (section, rest) = path.split_once('.').map_or((path, None), |(section, rest)| (section, Some(rest)));
    let Some((section, fields)) = FIELDS.iter().find(|known| known.0 == section) else {
        return Err(CommandError::message(format!("unable to parse {path} after [] at api.Config")));
    };
    let Some(rest) = rest else { return Ok(Property::Section(section)) };
    Ok(match rest.rsplit_once('.').filter(|(_, field)| fields.contains(field)) {
        Some((name, field)) => Property::Field(section, name.to_owned(), field.to_owned()),
        None => Property::Entry(section, rest.to_owned()),
    })
}

fn set(session: &mut Session<'_>, words: &[String], raw_bytes: bool) -> Result<()> {
    let [path, value] = words else { return Err(unexpected(words)) };
    if value.is_empty() {
        return Err(CommandError::message("you cannot use set to unset a property"));
    }
    let mut files = Files::load(&session.globals)?;
    match property(path)? {
        Property::CurrentContext => files.set_current_context(value)?,
        Property::Section(_) | Property::Entry(..) => return Err(CommandError::message(format!("can't set a map to a value: {path}"))),
        Property::Field(section, name, field) => {
            let value = match field.as_str() {
                "insecure-skip-tls-verify" | "disable-compression" => Value::from(
                    value
                        .parse::<bool>()
                        .map_err(|_| CommandError::message(format!("strconv.ParseBool: parsing {value:?}: invalid syntax")))?,
                ),
                field if field.ends_with("-data") && raw_bytes => Value::from(base64::engine::general_purpose::STANDARD.encode(value)),
                field if field.ends_with("-data") => {
                    base64::engine::general_purpose::STANDARD
                        .decode(value)
                        .map_err(|error| CommandError::message(format!("error decoding input value: {error}")))?;
                    Value::from(value.clone())
                }
                _ => Value::from(value.clone()),
            };
            let mut entry = files.get(section, &name).filter(Value::is_object).unwrap_or_else(|| json!({}));
            entry[field] = value;
            files.set(section, &name, Some(entry))?;
        }
    }
    session.ui.line(&format!("Property {path:?} set."));
    Ok(())
}

fn unset(session: &mut Session<'_>, words: &[String]) -> Result<()> {
    let path = only(words)?;
    let mut files = Files::load(&session.globals)?;
    match property(&path)? {
        Property::CurrentContext => files.set_current_context("")?,
        Property::Section(section) => {
            for name in files.names(section) {
                files.set(section, &name, None)?;
            }
        }
        Property::Entry(section, name) => files.set(section, &name, None)?,
        Property::Field(section, name, field) => {
            let Some(mut entry) = files.get(section, &name) else {
                return Err(CommandError::message(format!("current map key `{name}` is invalid")));
            };
            if let Some(map) = entry.as_object_mut() {
                map.remove(&field);
            }
            files.set(section, &name, Some(entry))?;
        }
    }
    session.ui.line(&format!("Property {path:?} unset."));
    Ok(())
}
