//! Server-side tables as kubectl prints them: chosen columns, NAMESPACE, label columns, `kind/` before names, event types of a watch.

use jiff::Timestamp;
use serde_json::Value;

use crate::tabwriter::TabWriter;
use crate::{duration, escape, go_text};

/// A `meta.k8s.io/v1` Table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

/// A column's definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub name: String,
    pub kind: String,
    pub format: String,
    pub description: String,
    /// Columns of a priority other than 0 belong to `-o wide`.
    pub priority: i64,
}

/// A row: its cells, and the object (or its metadata) that it stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub cells: Vec<Value>,
    pub object: Value,
}

impl Table {
    /// A Table out of its JSON; `None` where the object is something else.
    pub fn from_json(object: &Value) -> Option<Self> {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let version = text(object, "apiVersion");
        if text(object, "kind") != "Table" || !matches!(version.as_str(), "meta.k8s.io/v1" | "meta.k8s.io/v1beta1") {
            return None;
        }
        let list = |key: &str| object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let column = |value: &Value| Column {
            name: text(value, "name"),
            kind: text(value, "type"),
            format: text(value, "format"),
            description: text(value, "description"),
            priority: value.get("priority").and_then(Value::as_i64).unwrap_or_default(),
        };
        let row = |value: &Value| Row {
            cells: value.get("cells").and_then(Value::as_array).cloned().unwrap_or_default(),
            object: value.get("object").cloned().unwrap_or_default(),
        };
        Some(Self { columns: list("columnDefinitions").iter().map(column).collect(), rows: list("rows").iter().map(row).collect() })
    }
}

/// What to show of a table.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub no_headers: bool,
    pub wide: bool,
    /// A NAMESPACE column in front (`-A`).
    pub with_namespace: bool,
    /// `deployment.apps`: put with a slash before every name (`--show-kind`, several types at once).
    pub kind: Option<String>,
    pub show_labels: bool,
    /// Labels with a column of their own (`-L`).
    pub column_labels: Vec<String>,
}

/// What else than a table may come in: objects of servers that make none, and errors of a watch.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Plain {
    Object,
    Status,
}

/// Rows between two flushes of a long table: bounds what is held in memory.
const FLUSH_ROWS: usize = 100;

/// Prints table after table; headers only where the columns change.
#[derive(Debug)]
pub struct Printer {
    options: Options,
    last_columns: Vec<Column>,
    printed_headers: bool,
    last_plain: Option<Plain>,
}

impl Printer {
    /// A printer that has printed nothing yet.
    pub fn new(options: Options) -> Self {
        Self { options, last_columns: Vec::new(), printed_headers: false, last_plain: None }
    }

    /// Prints a table, or an object that is none by name and age; `event` is the type of a watch event where that is to be shown.
    pub fn print(&mut self, object: &Value, event: Option<&str>, tabs: &mut TabWriter) {
        match Table::from_json(object) {
            Some(table) => self.print_table(table, event, tabs),
            None => self.print_plain(object, event, tabs),
        }
    }

    /// Prints a table; one without columns has those of the table before (watches send them once).
    pub fn print_table(&mut self, mut table: Table, event: Option<&str>, tabs: &mut TabWriter) {
        let mut no_headers = self.options.no_headers;
        if self.printed_headers && (table.columns.is_empty() || table.columns == self.last_columns) {
            no_headers = true;
        }
        if table.columns.is_empty() {
            table.columns.clone_from(&self.last_columns);
        } else if table.columns != self.last_columns {
            self.last_columns.clone_from(&table.columns);
            self.printed_headers = false;
        }
        self.printed_headers |= !table.rows.is_empty();
        self.decorate(&mut table);
        if let Some(event) = event {
            table.columns.insert(0, text_column("Event"));
            for row in &mut table.rows {
                row.cells.insert(0, Value::from(event_type(event)));
            }
        }
        self.write(&table, no_headers, tabs);
    }

    fn decorate(&self, table: &mut Table) {
        let options = &self.options;
        let width =
            table.columns.len() + options.column_labels.len() + usize::from(options.with_namespace) + usize::from(options.show_labels);
        let name_column =
            options.kind.as_ref().and_then(|_| table.columns.iter().position(|column| column.format == "name" && column.kind == "string"));
        for row in &mut table.rows {
            if let (Some(kind), Some(cell)) = (&options.kind, name_column.and_then(|at| row.cells.get_mut(at))) {
                *cell = Value::from(format!("{kind}/{}", go_text::sprint(cell)));
            }
            let metadata = row.object.get("metadata").filter(|metadata| metadata.is_object());
            if options.with_namespace {
                let namespace = metadata.map(|metadata| metadata.get("namespace").cloned().unwrap_or_else(|| Value::from("")));
                row.cells.insert(0, namespace.unwrap_or_default());
            }
            match metadata {
                Some(metadata) => {
                    let labels = metadata.get("labels").and_then(Value::as_object);
                    for key in &options.column_labels {
                        row.cells.push(labels.and_then(|labels| labels.get(key)).cloned().unwrap_or_else(|| Value::from("")));
                    }
                    if options.show_labels {
                        row.cells.push(Value::from(format_labels(labels)));
                    }
                }
                None => row.cells.resize(row.cells.len().max(width), Value::Null),
            }
        }
        if options.with_namespace {
            table.columns.insert(0, text_column("Namespace"));
        }
        table
            .columns
            .extend(options.column_labels.iter().map(|label| text_column(&label.rsplit('/').next().unwrap_or_default().to_uppercase())));
        if options.show_labels {
            table.columns.push(text_column("Labels"));
        }
    }

    fn write(&self, table: &Table, no_headers: bool, tabs: &mut TabWriter) {
        if table.rows.is_empty() {
            return;
        }
        let visible: Vec<usize> = (0..table.columns.len()).filter(|at| self.options.wide || table.columns[*at].priority == 0).collect();
        // The first line gets the final width of every column but the last, in bytes and before cells are cut, for flushes happen before all rows are seen.
        let byte_widths: Vec<usize> = (0..table.columns.len())
            .map(|at| table.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell_text(cell).len()).max().unwrap_or_default())
            .collect();
        let padding = |at: usize, length: usize| if Some(&at) == visible.last() { 0 } else { byte_widths[at].saturating_sub(length) };
        let mut line = String::new();
        if !no_headers {
            for (index, at) in visible.iter().enumerate() {
                let name = table.columns[*at].name.to_uppercase();
                push_cell(&mut line, index, &name, padding(*at, name.len()));
            }
            line.push('\n');
            tabs.write(&line);
        }
        for (number, row) in table.rows.iter().enumerate() {
            line.clear();
            for (index, at) in visible.iter().filter(|at| **at < row.cells.len()).enumerate() {
                let text = cell_text(&row.cells[*at]);
                let pad = if self.options.no_headers && no_headers && number == 0 { padding(*at, text.len()) } else { 0 };
                push_cell(&mut line, index, &escape::cell(&text), pad);
            }
            line.push('\n');
            tabs.write(&line);
            if (number + 1) % FLUSH_ROWS == 0 {
                tabs.flush();
            }
        }
    }

    fn print_plain(&mut self, object: &Value, event: Option<&str>, tabs: &mut TabWriter) {
        let text = |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_status = text(object, "/kind") == "Status" && text(object, "/apiVersion") == "v1";
        let plain = if is_status { Plain::Status } else { Plain::Object };
        let headers = self.last_plain != Some(plain) && !self.options.no_headers;
        if self.last_plain.is_some() && headers {
            tabs.write("\n");
        }
        self.last_plain = Some(plain);
        let columns: &[&str] = if is_status { &["STATUS", "REASON", "MESSAGE"] } else { &["NAME", "AGE"] };
        if headers {
            let mut names: Vec<String> = event.map(|_| "EVENT".to_owned()).into_iter().collect();
            names.extend(self.options.with_namespace.then(|| "NAMESPACE".to_owned()));
            names.extend(columns.iter().map(|name| (*name).to_owned()));
            names.extend(self.options.column_labels.iter().map(|label| label.rsplit('/').next().unwrap_or_default().to_uppercase()));
            names.extend(self.options.show_labels.then(|| "LABELS".to_owned()));
            tabs.write(&format!("{}\n", names.join("\t")));
        }
        let items = object.get("items").and_then(Value::as_array).map_or_else(|| std::slice::from_ref(object), Vec::as_slice);
        for item in items {
            let mut cells: Vec<String> = event.map(event_type).into_iter().collect();
            cells.extend(self.options.with_namespace.then(|| text(item, "/metadata/namespace")));
            let mut own = if is_status {
                vec![text(item, "/status"), text(item, "/reason"), text(item, "/message")]
            } else {
                let created = text(item, "/metadata/creationTimestamp");
                vec![text(item, "/metadata/name"), duration::since_text(Some(&created), Timestamp::now())]
            };
            if let Some(kind) = &self.options.kind {
                own[0] = format!("{kind}/{}", own[0]);
            }
            cells.extend(own);
            let labels = item.pointer("/metadata/labels").and_then(Value::as_object);
            for key in &self.options.column_labels {
                cells.push(labels.and_then(|labels| labels.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned());
            }
            cells.extend(self.options.show_labels.then(|| format_labels(labels)));
            tabs.write(&format!("{}\n", cells.join("\t")));
        }
    }
}

fn push_cell(line: &mut String, index: usize, text: &str, padding: usize) {
    if index > 0 {
        line.push('\t');
    }
    line.push_str(text);
    line.extend(std::iter::repeat_n(' ', padding));
}

fn cell_text(cell: &Value) -> String {
    if cell.is_null() { String::new() } else { go_text::sprint(cell) }
}

fn text_column(name: &str) -> Column {
    Column { name: name.to_owned(), kind: "string".to_owned(), ..Column::default() }
}

fn event_type(event: &str) -> String {
    match event {
        "ADDED" | "MODIFIED" | "DELETED" | "ERROR" => format!("{event:8}"),
        _ => event.to_owned(),
    }
}

/// `a=1,b=2` in the order of keys, `<none>` where there are none.
pub fn format_labels(labels: Option<&serde_json::Map<String, Value>>) -> String {
    let pairs: Vec<String> = labels.into_iter().flatten().map(|(key, value)| format!("{key}={}", go_text::sprint(value))).collect();
    if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tabwriter::Layout;

    /// Each golden is a table of a server, flags, and what kubectl printed for them.
    #[test]
    fn equals_kubectl() {
        let cases: Vec<Value> = serde_json::from_str(include_str!("testdata/table/cases.json")).unwrap();
        for case in &cases {
            let flag = |name: &str| case["flags"].as_array().unwrap().iter().any(|flag| flag == name);
            let options = Options {
                no_headers: flag("--no-headers"),
                wide: flag("-o=wide"),
                with_namespace: flag("-A"),
                kind: flag("--show-kind").then(|| "pod".to_owned()),
                show_labels: flag("--show-labels"),
                column_labels: if flag("-L=app,c.d/e") { vec!["app".to_owned(), "c.d/e".to_owned()] } else { Vec::new() },
            };
            let mut tabs = TabWriter::new(Layout::TABLE);
            Printer::new(options).print(&case["table"], None, &mut tabs);
            assert_eq!(tabs.finish(), case["output"].as_str().unwrap(), "{}", case["flags"]);
        }
        assert!(cases.len() > 10);
    }

    #[test]
    fn watch_events_without_columns() {
        let table = |columns: Value, name: &str| serde_json::json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "columnDefinitions": columns, "rows": [{"cells": [name, 1]}]});
        let mut printer = Printer::new(Options::default());
        let mut tabs = TabWriter::new(Layout::TABLE);
        printer.print(
            &table(serde_json::json!([{"name": "Name", "type": "string"}, {"name": "Data", "type": "string"}]), "a"),
            Some("ADDED"),
            &mut tabs,
        );
        printer.print(&table(Value::Null, "b"), Some("DELETED"), &mut tabs);
        assert_eq!(tabs.finish(), "EVENT      NAME   DATA\nADDED      a      1\nDELETED    b      1\n");
    }
}
