//! `get`: shows objects as the server's tables or in the format of `-o`, once or as they change.

use output::sort::{self, Sorted};
use output::table_printer::{self, Options, Table};
use output::tabwriter::{Layout, TabWriter};
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::{FilenameFlags, PrintFlags};
use crate::print::Printer;
use crate::resources::{Mapping, Selection, Target, text};
use crate::session::{Call, Session};
use crate::watch::Events;

/// What kubectl accepts where it prints a table: one made by the server, else the objects.
const TABLES: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    /// If present, list the requested object(s) across all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Return large lists in chunks rather than all at once. Pass 0 to disable.
    #[arg(long, default_value_t = 500)]
    chunk_size: i64,
    /// Selector (field query) to filter on, supports '=', '==', and '!='.
    #[arg(long)]
    field_selector: Option<String>,
    /// If set to true, suppresses NotFound error for specific objects that do not exist.
    #[arg(long)]
    ignore_not_found: bool,
    /// Accepts a comma separated list of labels that are going to be presented as columns.
    #[arg(short = 'L', long, value_delimiter = ',')]
    label_columns: Vec<String>,
    /// When using the default or custom-column output format, don't print headers (default print headers).
    #[arg(long)]
    no_headers: bool,
    /// Output watch event objects when --watch or --watch-only is used.
    #[arg(long)]
    output_watch_events: bool,
    /// Raw URI to request from the server.
    #[arg(long)]
    raw: Option<String>,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// If true, have the server return the appropriate table output.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true")]
    server_print: bool,
    /// If present, list the resource type for the requested object(s).
    #[arg(long)]
    show_kind: bool,
    /// When printing, show all labels as the last column (default hide labels column)
    #[arg(long)]
    show_labels: bool,
    /// If non-empty, sort list types using this field specification, a JSONPath expression.
    #[arg(long)]
    sort_by: Option<String>,
    /// If specified, gets the subresource of the requested object.
    #[arg(long)]
    subresource: Option<String>,
    /// After listing/getting the requested object, watch for changes.
    #[arg(short, long)]
    watch: bool,
    /// Watch for changes to the requested object(s), without listing/getting first.
    #[arg(long)]
    watch_only: bool,
    words: Vec<String>,
}

/// An answer of the server: an object, a list, or a table of either.
struct Answer {
    mapping: Mapping,
    object: Value,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        self.check(session)?;
        if let Some(path) = self.raw.as_deref().filter(|path| !path.is_empty()) {
            let reply = session.call(&Call::get(path)).await?;
            session.ui.write(&reply.body);
            return Ok(());
        }
        let selection = Selection {
            filenames: self.files.clone(),
            words: self.words.clone(),
            labels: self.selector.clone().filter(|labels| !labels.is_empty()),
            fields: self.field_selector.clone().filter(|fields| !fields.is_empty()),
            all_namespaces: self.all_namespaces,
            type_alone_selects_all: true,
            latest: true,
            ..Selection::default()
        };
        let targets = selection.targets(session).await?;
        if self.watch || self.watch_only {
            return self.follow(session, targets).await;
        }
        let single = selection.single_item_implied(&targets);
        let (mut answers, mut errors) = (Vec::new(), Vec::new());
        for target in targets {
            if let Err(error) = self.fetch(session, target, &mut answers).await
                && !(self.ignore_not_found && error.is_reason("NotFound"))
            {
                errors.push(error);
            }
        }
        if self.for_people() { self.print_tables(session, answers, errors) } else { self.print_objects(session, answers, errors, single) }
    }

    /// What kubectl refuses before it asks the server.
    fn check(&self, session: &mut Session<'_>) -> Result<()> {
        let format = self.print.output.as_deref().unwrap_or_default();
        if self.raw.as_deref().is_some_and(|path| !path.is_empty()) {
            if !self.words.is_empty() {
                return Err(CommandError::message("arguments may not be passed when --raw is specified"));
            }
            if self.watch || self.watch_only || self.selector.as_deref().is_some_and(|labels| !labels.is_empty()) {
                return Err(CommandError::message(
                    "--raw may not be specified with other flags that filter the server request or alter the output",
                ));
            }
            if !format.is_empty() {
                return Err(CommandError::message("--raw and --output are mutually exclusive"));
            }
            return Ok(());
        }
        if self.watch {
            if self.sorts() {
                session.ui.error_line("warning: --watch requested, --sort-by will be ignored for watch events received");
            }
        } else if self.watch_only {
            if self.sorts() {
                session.ui.error_line("warning: --watch-only requested, --sort-by will be ignored");
            }
        } else if self.words.is_empty() && self.files.is_empty() {
            let program = session.program.clone();
            session.ui.error_line(&format!(
                "You must specify the type of resource to get. Use \"{program} api-resources\" for a complete list of supported resources.\n"
            ));
            return Err(CommandError::Usage {
                message: format!(
                    "Required resource not specified.\nUse \"{program} explain <resource>\" for a detailed description of that resource (e.g. {program} explain pods)."
                ),
                command: format!("{program} get"),
            });
        }
        if self.show_labels && !matches!(format, "" | "wide") {
            return Err(CommandError::message(format!("--show-labels option cannot be used with {format} printer")));
        }
        if !self.label_columns.is_empty() && format.starts_with("custom-columns") {
            return Err(CommandError::message(format!("--label-columns option cannot be used with {format} printer")));
        }
        if self.output_watch_events && !(self.watch || self.watch_only) {
            return Err(CommandError::message("--output-watch-events option can only be used with --watch or --watch-only"));
        }
        Ok(())
    }

    fn sorts(&self) -> bool {
        self.sort_by.as_deref().is_some_and(|field| !field.is_empty())
    }

    /// Whether a table is printed, not objects.
    fn for_people(&self) -> bool {
        let format = self.print.output.as_deref().unwrap_or_default();
        let template = self.print.template.as_deref().unwrap_or_default();
        (format.is_empty() && template.is_empty()) || format == "wide"
    }

    fn call(&self, path: String) -> Call {
        let call = Call::get(path);
        if !self.for_people() || !self.server_print {
            return call;
        }
        // The cells are all that most tables show; namespaces and labels are read off the objects, and so is who changed.
        let reads_metadata = self.all_namespaces || self.show_labels || !self.label_columns.is_empty() || self.watch || self.watch_only;
        let include = match (self.sorts(), reads_metadata) {
            (true, _) => "Object",
            (false, true) => "",
            (false, false) => "None",
        };
        call.accept(TABLES).query("includeObject", include)
    }

    async fn fetch(&self, session: &mut Session<'_>, target: Target, answers: &mut Vec<Answer>) -> Result<()> {
        let (mapping, path) = match target {
            Target::Named { mapping, namespace, name } => {
                let path = mapping.path(&namespace, &name);
                (mapping, path)
            }
            Target::Document(info) => {
                let path = info.path();
                (info.mapping, path)
            }
            Target::Collection { mapping, namespace, labels, fields } => {
                if self.subresource.as_deref().is_some_and(|subresource| !subresource.is_empty()) {
                    return Err(CommandError::message("subresource cannot be used when bulk resources are specified"));
                }
                return self.list(session, &mapping, &namespace, &labels, &fields, answers).await;
            }
        };
        let path = match self.subresource.as_deref() {
            None | Some("") => path,
            Some(subresource) => format!("{path}/{subresource}"),
        };
        let object = session.call_json(&self.call(path)).await?;
        answers.push(Answer { mapping, object });
        Ok(())
    }

    /// A whole collection, page by page.
    async fn list(
        &self,
        session: &mut Session<'_>,
        mapping: &Mapping,
        namespace: &str,
        labels: &str,
        fields: &str,
        answers: &mut Vec<Answer>,
    ) -> Result<()> {
        // sorting needs all the rows at once
        let limit = if self.sorts() && !self.watch && !self.watch_only { 0 } else { self.chunk_size.max(0) };
        let mut token = String::new();
        loop {
            let call = self
                .call(mapping.path(namespace, ""))
                .query("labelSelector", labels)
                .query("fieldSelector", fields)
                .query("limit", if limit > 0 { limit.to_string() } else { String::new() })
                .query("continue", token);
            let object = session.call_json(&call).await.map_err(|error| unable_to_list(error, mapping, labels, fields))?;
            token = text(&object, "/metadata/continue").to_owned();
            answers.push(Answer { mapping: mapping.clone(), object });
            if token.is_empty() || limit == 0 {
                return Ok(());
            }
        }
    }

    fn options(&self, mapping: &Mapping, with_kind: bool) -> Options {
        Options {
            no_headers: self.no_headers,
            wide: self.print.output.as_deref() == Some("wide"),
            with_namespace: self.all_namespaces && mapping.namespaced,
            kind: (with_kind || self.show_kind).then(|| mapping.printed()),
            show_labels: self.show_labels,
            column_labels: self.label_columns.clone(),
        }
    }

    fn print_tables(&self, session: &mut Session<'_>, answers: Vec<Answer>, errors: Vec<CommandError>) -> Result<()> {
        let mut answers = flattened(answers);
        if let Some(field) = self.sort_by.as_deref().filter(|field| !field.is_empty()) {
            sort_answers(&mut answers, field)?;
        }
        let several = answers
            .windows(2)
            .any(|pair| pair[0].mapping.api_version() != pair[1].mapping.api_version() || pair[0].mapping.kind != pair[1].mapping.kind);
        let all_namespaced = !self.all_namespaces && answers.iter().all(|answer| answer.mapping.namespaced);
        let mut written = false;
        let mut groups = answers
            .chunk_by(|one, other| one.mapping.resource() == other.mapping.resource() && one.mapping.version == other.mapping.version);
        for group in &mut groups {
            let mut tabs = TabWriter::new(Layout::TABLE);
            let mut printer = table_printer::Printer::new(self.options(&group[0].mapping, several));
            for answer in group {
                printer.print(&answer.object, None, &mut tabs);
            }
            let text = tabs.finish();
            if text.is_empty() {
                continue;
            }
            if std::mem::replace(&mut written, true) && !self.no_headers {
                session.ui.line("");
            }
            session.ui.print(&text);
        }
        if !written && !self.ignore_not_found && errors.is_empty() {
            if all_namespaced {
                let namespace = session.namespace()?.0;
                session.ui.error_line(&format!("No resources found in {namespace} namespace."));
            } else {
                session.ui.error_line("No resources found");
            }
        }
        CommandError::all(errors)
    }

    fn print_objects(
        &self,
        session: &mut Session<'_>,
        mut answers: Vec<Answer>,
        mut errors: Vec<CommandError>,
        single: bool,
    ) -> Result<()> {
        if single && !errors.is_empty() {
            return CommandError::all(errors);
        }
        if !single {
            answers = flattened(answers);
        }
        if answers.is_empty() && self.ignore_not_found {
            return CommandError::all(errors);
        }
        let mut printer = Printer::for_get(&self.print, self.no_headers)?;
        let printed = match answers.as_mut_slice() {
            [only] if single && only.object.get("items").and_then(Value::as_array).is_none() => printer.print(session, &only.object),
            _ => {
                let version =
                    if single { answers.first().map(|answer| text(&answer.object, "/metadata/resourceVersion").to_owned()) } else { None };
                let mut items: Vec<Value> = flattened(answers).into_iter().map(|answer| answer.object).collect();
                if let Some(field) = self.sort_by.as_deref().filter(|field| !field.is_empty() && !items.is_empty()) {
                    sort::sort_by(&mut items, field, Sorted::List, |item| item)
                        .map_err(|error| CommandError::message(error.to_string()))?;
                }
                let list = json!({ "apiVersion": "v1", "kind": "List", "metadata": { "resourceVersion": version.unwrap_or_default() }, "items": items });
                printer.print(session, &list)
            }
        };
        errors.extend(printed.err());
        CommandError::all(errors)
    }

    /// `-w`: what is there, and then every change.
    async fn follow(&self, session: &mut Session<'_>, targets: Vec<Target>) -> Result<()> {
        let target = match <[Target; 1]>::try_from(targets) {
            Ok([target]) => target,
            Err(_) => return Err(CommandError::message("you may only specify a single resource type")),
        };
        let mut answers = Vec::new();
        if let Err(error) = self.fetch(session, target.clone(), &mut answers).await {
            return if self.ignore_not_found && error.is_reason("NotFound") { Ok(()) } else { Err(error) };
        }
        let (mapping, namespace, labels, fields, is_list) = match target {
            Target::Named { mapping, namespace, name } => (mapping, namespace, String::new(), format!("metadata.name={name}"), false),
            Target::Document(info) => (info.mapping, info.namespace, String::new(), format!("metadata.name={}", info.name), false),
            Target::Collection { mapping, namespace, labels, fields } => (mapping, namespace, labels, fields, true),
        };
        // A watch of one object begins with the object itself, which has been printed already.
        let version = if is_list {
            answers.first().map(|answer| text(&answer.object, "/metadata/resourceVersion").to_owned())
        } else {
            Some("0".to_owned())
        };
        let mut shows = Follower {
            printer: if self.for_people() {
                Follow::Table(table_printer::Printer::new(self.options(&mapping, false)), TabWriter::new(Layout::TABLE))
            } else {
                Follow::Objects(Printer::for_get(&self.print, self.no_headers)?)
            },
            shows: !self.watch_only,
            events: self.output_watch_events,
        };
        let mut answers = flattened(answers);
        if let Some(field) = self.sort_by.as_deref().filter(|field| !field.is_empty()) {
            sort_answers(&mut answers, field)?;
        }
        for answer in answers {
            shows.print(session, "ADDED", &answer.object)?;
        }
        session.ui.flush();
        shows.shows = is_list;
        let call = self
            .call(mapping.path(&namespace, ""))
            .query("labelSelector", labels)
            .query("fieldSelector", fields)
            .query("resourceVersion", version.unwrap_or_default())
            .query("watch", "true");
        let mut events = Events::open(session, &call).await?;
        while let Some(event) = events.next().await? {
            shows.print(session, &event.kind, &event.object)?;
            shows.shows = true;
            session.ui.flush();
            if session.ui.reader_is_gone() {
                break;
            }
        }
        Ok(())
    }
}

/// What prints the objects of a watch.
enum Follow {
    Table(table_printer::Printer, TabWriter),
    Objects(Printer),
}

struct Follower {
    printer: Follow,
    /// Off for what must not be shown: a table's columns are remembered all the same.
    shows: bool,
    /// Events are shown with their types.
    events: bool,
}

impl Follower {
    fn print(&mut self, session: &mut Session<'_>, kind: &str, object: &Value) -> Result<()> {
        match &mut self.printer {
            Follow::Table(printer, tabs) => {
                let event = self.events.then_some(kind);
                match Table::from_json(object) {
                    Some(mut table) => {
                        if !self.shows {
                            table.rows.clear();
                        }
                        printer.print_table(table, event, tabs);
                    }
                    None if self.shows => printer.print(object, event, tabs),
                    None => {}
                }
                tabs.flush();
                session.ui.print(&tabs.take());
                Ok(())
            }
            Follow::Objects(_) if !self.shows => Ok(()),
            Follow::Objects(printer) if self.events => printer.print_event(session, kind, object),
            Follow::Objects(printer) => printer.print(session, object),
        }
    }
}

/// Lists taken apart into their items; tables and objects as they are.
fn flattened(answers: Vec<Answer>) -> Vec<Answer> {
    let mut flat = Vec::with_capacity(answers.len());
    for mut answer in answers {
        let Some(items) = answer.object.get_mut("items").filter(|items| items.is_array() || items.is_null()).map(Value::take) else {
            flat.push(answer);
            continue;
        };
        let version = text(&answer.object, "/apiVersion").to_owned();
        let kind = text(&answer.object, "/kind").trim_end_matches("List").to_owned();
        for mut object in items.as_array().cloned().unwrap_or_default() {
            if let Some(object) = object.as_object_mut() {
                object.entry("apiVersion").or_insert_with(|| version.clone().into());
                object.entry("kind").or_insert_with(|| kind.clone().into());
            }
            flat.push(Answer { mapping: answer.mapping.clone(), object });
        }
    }
    flat
}

/// Sorts as kubectl does. Several answers are sorted as the objects that they are, which for tables are the tables themselves; the rows of a table are sorted as it is
/// printed, where a field that no row has leaves nothing to print.
fn sort_answers(answers: &mut Vec<Answer>, field: &str) -> Result<()> {
    static NOTHING: Value = Value::Null;
    if answers.len() > 1 {
        sort::sort_by(answers, field, Sorted::List, |answer| &answer.object).map_err(|error| CommandError::message(error.to_string()))?;
    }
    for answer in answers.iter_mut().filter(|answer| Table::from_json(&answer.object).is_some()) {
        let Some(rows) = answer.object.get_mut("rows").and_then(Value::as_array_mut) else { continue };
        if rows.len() < 2 {
            continue;
        }
        match sort::sort_by(rows, field, Sorted::Table, |row| row.get("object").unwrap_or(&NOTHING)) {
            Ok(()) => {}
            Err(error @ sort::SortError::Unsortable { .. }) => return Err(CommandError::message(error.to_string())),
            Err(_) => rows.clear(),
        }
    }
    Ok(())
}

/// A failed list says of what, as kubectl's selectors do.
pub(super) fn unable_to_list(error: CommandError, mapping: &Mapping, labels: &str, fields: &str) -> CommandError {
    match error {
        CommandError::Api(mut error) if matches!(error.reason(), "NotFound" | "BadRequest") => {
            let resource = format!("{}/{}, Resource={}", mapping.group, mapping.version, mapping.plural);
            let message = error.message().to_owned();
            error.0.message = Some(if labels.is_empty() && fields.is_empty() {
                format!("Unable to list {resource:?}: {message}")
            } else {
                format!("Unable to find {resource:?} that match label selector {labels:?}, field selector {fields:?}: {message}")
            });
            CommandError::Api(error)
        }
        other => other,
    }
}
