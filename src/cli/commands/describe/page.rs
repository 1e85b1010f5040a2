//! What is written: lines at levels, and the pieces that many kinds have - labels, annotations, tolerations, taints, events.

use jiff::Timestamp;
use output::duration;
use output::prefix::PrefixWriter;
use serde_json::Value;

use super::tree::Tree;

/// The annotation that `apply` keeps its last configuration in is never shown.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
const LONGEST_ANNOTATION: usize = 140;

/// `put!(page, level, "format", ...)` writes formatted text at a level.
macro_rules! put {
    ($page:expr, $level:expr, $($format:tt)+) => { $page.write($level, &format!($($format)+)) };
}
pub(super) use put;

enum Sink {
    /// Cells in columns.
    Aligned(PrefixWriter),
    /// Tabs as they are.
    Plain(String),
}

/// A description in the making.
pub struct Page {
    sink: Sink,
    /// Levels that everything is moved in by.
    pub nesting: usize,
    /// Ages are reckoned from here.
    now: Timestamp,
}

impl Page {
    pub fn new(now: Timestamp) -> Self {
        Self { sink: Sink::Aligned(PrefixWriter::new()), nesting: 0, now }
    }

    /// Without columns: tabs stay tabs.
    pub fn plain() -> Self {
        Self { sink: Sink::Plain(String::new()), nesting: 0, now: Timestamp::UNIX_EPOCH }
    }

    pub fn write(&mut self, level: usize, text: &str) {
        let level = level + self.nesting;
        match &mut self.sink {
            Sink::Aligned(writer) => writer.write(level, text),
            Sink::Plain(out) => {
                out.push_str(&"  ".repeat(level));
                out.push_str(&output::escape::terminal(text));
            }
        }
    }

    /// Goes on where the last text ended.
    pub fn rest(&mut self, text: &str) {
        self.write(0, text);
    }

    /// `Name:<tab>value`, the line of most fields.
    pub fn field(&mut self, level: usize, name: &str, value: &str) {
        self.write(level, &format!("{name}:\t{value}\n"));
    }

    fn flush(&mut self) {
        if let Sink::Aligned(writer) = &mut self.sink {
            writer.flush();
        }
    }

    pub fn finish(self) -> String {
        match self.sink {
            Sink::Aligned(writer) => writer.finish(),
            Sink::Plain(out) => out,
        }
    }

    /// How long ago; `<unknown>` for no time.
    pub fn since(&self, time: &str) -> String {
        duration::since_text(Some(time).filter(|time| !time.is_empty()), self.now)
    }

    /// `Name`, `Namespace`, labels and annotations: how most descriptions begin.
    pub fn header(&mut self, object: &Value) {
        self.field(0, "Name", object.text("metadata.name"));
        self.field(0, "Namespace", object.text("metadata.namespace"));
        self.labels_and_annotations(object);
    }

    pub fn labels_and_annotations(&mut self, object: &Value) {
        self.labels("", "Labels", object.at("metadata.labels"));
        self.annotations("Annotations", object.at("metadata.annotations"));
    }

    /// `k=v` a line each under a title.
    pub fn labels(&mut self, indent: &str, title: &str, labels: &Value) {
        put!(self, 0, "{indent}{title}:\t");
        let lines = labels.as_object().into_iter().flatten().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
        self.column(indent, lines.collect());
    }

    /// Lines of a column whose title stands already.
    fn column(&mut self, indent: &str, lines: Vec<String>) {
        if lines.is_empty() {
            self.rest("<none>\n");
        }
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.rest(indent);
                self.rest("\t");
            }
            put!(self, 0, "{line}\n");
        }
    }

    pub fn annotations(&mut self, title: &str, annotations: &Value) {
        put!(self, 0, "{title}:\t");
        let shown: Vec<(&String, &Value)> = annotations.as_object().into_iter().flatten().filter(|(key, _)| *key != LAST_APPLIED).collect();
        if shown.is_empty() {
            self.rest("<none>\n");
        }
        for (index, (key, value)) in shown.into_iter().enumerate() {
            if index > 0 {
                self.rest("\t");
            }
            let value = value.as_str().unwrap_or_default();
            let value = value.strip_suffix('\n').unwrap_or(value);
            if value.len() + key.len() + 2 > LONGEST_ANNOTATION || value.contains('\n') {
                put!(self, 0, "{key}:\n");
                for line in value.split('\n') {
                    put!(self, 0, "\t  {}\n", shortened(line, LONGEST_ANNOTATION - 2));
                }
            } else {
                put!(self, 0, "{key}: {value}\n");
            }
        }
    }

    pub fn taints(&mut self, taints: &[Value]) {
        self.rest("Taints:\t");
        let mut taints: Vec<&Value> = taints.iter().collect();
        taints.sort_by_key(|taint| format!("{},{}", taint.text("effect"), taint.text("key")));
        let lines = taints.into_iter().map(|taint| {
            let (key, value, effect) = (taint.text("key"), taint.text("value"), taint.text("effect"));
            match (value.is_empty(), effect.is_empty()) {
                (true, true) => key.to_owned(),
                (true, false) => format!("{key}:{effect}"),
                (false, _) => format!("{key}={value}:{effect}"),
            }
        });
        self.column("", lines.collect());
    }

    pub fn tolerations(&mut self, title: &str, tolerations: &[Value]) {
        put!(self, 0, "{title}:\t");
        let mut tolerations: Vec<&Value> = tolerations.iter().collect();
        tolerations.sort_by_key(|toleration| toleration.text("key"));
        self.column("", tolerations.into_iter().map(toleration_text).collect());
    }

    /// The names of pods.
    pub fn pods(&mut self, title: &str, pods: &[Value]) {
        put!(self, 0, "{title}:\t");
        let mut names: Vec<String> = pods.iter().map(|pod| pod.text("metadata.name").to_owned()).collect();
        names.sort();
        self.column("", names);
    }

    /// `Conditions` of a workload: type, status and reason.
    pub fn workload_conditions(&mut self, conditions: &[Value]) {
        if conditions.is_empty() {
            return;
        }
        self.write(0, "Conditions:\n  Type\tStatus\tReason\n");
        self.write(1, "----\t------\t------\n");
        for condition in conditions {
            put!(self, 1, "{} \t{}\t{}\n", condition.text("type"), condition.text("status"), condition.text("reason"));
        }
    }

    /// The events of the object, where they were asked for.
    pub fn events(&mut self, events: Option<&[Value]>) {
        let Some(events) = events else { return };
        if events.is_empty() {
            self.write(0, "Events:\t<none>\n");
            return;
        }
        self.flush();
        let mut events: Vec<&Value> = events.iter().collect();
        events.sort_by_key(|event| event.text("lastTimestamp").parse::<Timestamp>().ok());
        self.write(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n");
        self.write(1, "----\t------\t----\t----\t-------\n");
        for event in events {
            let first = event.filled("eventTime").unwrap_or_else(|| event.text("firstTimestamp"));
            let (first, count) = (self.since(first), event.integer("count"));
            let age = if event.has("series") {
                let last = self.since(event.text("series.lastObservedTime"));
                format!("{last} (x{} over {first})", event.integer("series.count"))
            } else if count > 1 {
                format!("{} (x{count} over {first})", self.since(event.text("lastTimestamp")))
            } else {
                first
            };
            let source = event.filled("source.component").unwrap_or_else(|| event.text("reportingComponent"));
            let message = event.text("message").trim();
            let message = match event.filled("involvedObject.fieldPath") {
                Some(path) => format!("{path}: {message}"),
                None => message.to_owned(),
            };
            put!(self, 1, "{}\t{}\t{age}\t{source}\t{message}\n", event.text("type"), event.text("reason"));
        }
    }
}

fn toleration_text(toleration: &Value) -> String {
    let (key, value, effect) = (toleration.text("key"), toleration.text("value"), toleration.text("effect"));
    let mut text = key.to_owned();
    if !value.is_empty() {
        text.push('=');
        text.push_str(value);
    }
    if !effect.is_empty() {
        text.push(':');
        text.push_str(effect);
    }
    if toleration.text("operator") == "Exists" && value.is_empty() {
        text.push_str(if key.is_empty() && effect.is_empty() { "op=Exists" } else { " op=Exists" });
    }
    if let Some(seconds) = toleration.at("tolerationSeconds").as_i64() {
        text.push_str(&format!(" for {seconds}s"));
    }
    text
}

/// The beginning of a text that is too long.
fn shortened(text: &str, longest: usize) -> String {
    if text.len() <= longest { text.to_owned() } else { format!("{}...", &text[..text.floor_char_boundary(longest)]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(write: impl FnOnce(&mut Page), expected: &str) {
        let mut page = Page::new("2026-01-01T00:10:00Z".parse().unwrap());
        write(&mut page);
        assert_eq!(page.finish(), expected);
    }

    #[test]
    fn annotations_are_cut() {
        let long = "x".repeat(200);
        let annotations = json!({ LAST_APPLIED: "{}", "a": "1", "b": "two\nlines\n", "c": long });
        check(
            |page| page.annotations("Annotations", &annotations),
            &format!(
                "Annotations:  a: 1\n              b:\n                two\n                lines\n              c:\n                {}...\n",
                "x".repeat(138)
            ),
        );
        check(|page| page.annotations("Annotations", &Value::Null), "Annotations:  <none>\n");
    }

    #[test]
    fn tolerations_are_sorted() {
        let tolerations = json!([
            { "key": "z", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300 },
            { "key": "a", "value": "b", "effect": "NoSchedule" },
            { "operator": "Exists" },
        ]);
        check(
            |page| page.tolerations("Tolerations", tolerations.as_array().unwrap()),
            "Tolerations:  op=Exists\n              a=b:NoSchedule\n              z:NoExecute op=Exists for 300s\n",
        );
    }

    #[test]
    fn events_have_columns_of_their_own() {
        let events = json!([
            { "type": "Warning", "reason": "BackOff", "count": 3, "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:09:50Z",
              "source": { "component": "kubelet" }, "message": " again\n", "involvedObject": { "fieldPath": "spec.containers{c}" } },
            { "type": "Normal", "reason": "Scheduled", "eventTime": "2026-01-01T00:08:59.5Z", "reportingComponent": "default-scheduler", "message": "m" },
        ]);
        check(
            |page| page.events(events.as_array().map(Vec::as_slice)),
            "Events:\n  Type     Reason     Age                From               Message\n  ----     ------     ----               ----               -------\n  Normal   Scheduled  60s                default-scheduler  m\n  Warning  BackOff    10s (x3 over 10m)  kubelet            spec.containers{c}: again\n",
        );
        check(|page| page.events(Some(&[])), "Events:  <none>\n");
        check(|page| page.events(None), "");
    }
}
