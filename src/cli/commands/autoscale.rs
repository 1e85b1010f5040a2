//! `autoscale`: a horizontal pod autoscaler for a workload.

use serde_json::{Value, json};

use super::generated::Creation;
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::{Printer, print_typed};
use crate::resources::{Info, Selection};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Target CPU utilization over all the pods: a percentage ("70%") of what they request, or an amount ("500m")
    #[arg(long, default_value = "", hide_default_value = true)]
    cpu: String,
    /// The target average CPU utilization (represented as a percent of requested CPU) over all the pods.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true, hide = true)]
    cpu_percent: i32,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-autoscale")]
    field_manager: String,
    /// The upper limit for the number of pods that can be set by the autoscaler. Required.
    #[arg(long, allow_hyphen_values = true)]
    max: Option<i32>,
    /// Target memory utilization over all the pods: a percentage ("70%") of what they request, or an amount ("500Mi")
    #[arg(long, default_value = "", hide_default_value = true)]
    memory: String,
    /// The lower limit for the number of pods that can be set by the autoscaler. If it's not specified or negative, the server will apply a default value.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    min: i32,
    /// The name for the newly created object. If not specified, the name of the input resource will be used.
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// If true, the configuration of current object will be saved in its annotation.
    #[arg(long)]
    save_config: bool,
    words: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let Some(max) = self.max else {
            return Err(CommandError::message("required flag(s) \"max\" not set"));
        };
        if self.cpu_percent != -1 {
            session.ui.error_line("Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).");
        }
        let dry_run = self.dry_run.strategy()?;
        Printer::new(&self.print, "")?;
        if max < 1 {
            return Err(CommandError::message(format!("--max=MAXPODS is required and must be at least 1, max: {max}")));
        }
        if max < self.min {
            return Err(CommandError::message(format!(
                "--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {}",
                self.min
            )));
        }
        if self.cpu_percent > 0 && !self.cpu.is_empty() {
            return Err(CommandError::message("--cpu-percent and --cpu are mutually exclusive"));
        }
        let metrics = self.metrics()?;
        let selection = Selection { filenames: self.files.clone(), words: self.words.clone(), ..Selection::default() };
        let (infos, mut errors) = selection.objects(session).await?;
        if infos.is_empty() && errors.is_empty() {
            return Err(CommandError::message("no objects passed to autoscale"));
        }
        for info in infos {
            if let Err(error) = self.create(session, &info, max, &metrics, dry_run).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    async fn create(&self, session: &mut Session<'_>, info: &Info, max: i32, metrics: &[Value], dry_run: DryRun) -> Result<()> {
        let mapping = &info.mapping;
        let scalable = ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"].contains(&mapping.kind.as_str());
        if !scalable && kinds::lookup::by_kind(&mapping.group, &mapping.version, &mapping.kind).is_some() {
            return Err(CommandError::message(format!(
                "cannot autoscale a {}: could not find scale subresource for {}/{}, Resource={} in discovery information",
                mapping.kind, mapping.group, mapping.version, mapping.plural
            )));
        }
        let mut spec = json!({
            "scaleTargetRef": {"apiVersion": mapping.api_version(), "kind": mapping.kind, "name": info.name},
            "maxReplicas": max,
        });
        if self.min > 0 {
            spec["minReplicas"] = json!(self.min);
        }
        if !metrics.is_empty() {
            spec["metrics"] = json!(metrics);
        }
        let name = if self.name.is_empty() { &info.name } else { &self.name };
        let object = json!({
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": name},
            "spec": spec,
            "status": {"currentMetrics": null, "desiredReplicas": 0},
        });
        let creation = Creation { dry_run, manager: &self.field_manager, save_config: self.save_config };
        let created = creation.create(session, object).await?;
        let operation = if dry_run == DryRun::Client { "created" } else { "autoscaled" };
        print_typed(session, &self.print, &format!("{operation}{}", dry_run.suffix()), &created.object)
    }

    fn metrics(&self) -> Result<Vec<Value>> {
        let mut metrics = Vec::new();
        if self.cpu_percent > 0 {
            metrics.push(metric("cpu", json!({"averageUtilization": self.cpu_percent, "type": "Utilization"})));
        }
        for (resource, written, unit) in [("cpu", &self.cpu, "m"), ("memory", &self.memory, "Mi")] {
            if !written.is_empty() {
                metrics.push(metric(resource, target(resource, written.trim(), unit)?));
            }
        }
        Ok(metrics)
    }
}

fn metric(resource: &str, target: Value) -> Value {
    json!({"resource": {"name": resource, "target": target}, "type": "Resource"})
}

/// `70%` of the requests, or an amount; a bare number is in `unit`.
fn target(resource: &str, written: &str, unit: &str) -> Result<Value> {
    if let Some(percent) = written.strip_suffix('%') {
        let percent = percent.parse::<i32>().ok().filter(|percent| *percent >= 0);
        let percent =
            percent.ok_or_else(|| CommandError::message(format!("invalid percentage value: {}", written.trim_end_matches('%'))))?;
        return Ok(json!({"averageUtilization": percent, "type": "Utilization"}));
    }
    let amount = match written.parse::<f64>() {
        Ok(number) => format!("{number}{unit}"),
        Err(_) => written.to_owned(),
    };
    let quantity =
        amount.parse::<api::Quantity>().map_err(|_| CommandError::message(format!("invalid resource {resource} value: {written}")))?;
    Ok(json!({"averageValue": quantity.to_string(), "type": "AverageValue"}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let check = |written: &str, unit: &str, expected: Value| assert_eq!(target("cpu", written, unit).unwrap(), expected, "{written}");
        check("70%", "m", json!({"averageUtilization": 70, "type": "Utilization"}));
        check("500m", "m", json!({"averageValue": "500m", "type": "AverageValue"}));
        check("500", "Mi", json!({"averageValue": "500Mi", "type": "AverageValue"}));
        assert_eq!(target("cpu", "x%", "m").unwrap_err().to_string(), "error: invalid percentage value: x");
        assert_eq!(target("cpu", "lots", "m").unwrap_err().to_string(), "error: invalid resource cpu value: lots");
    }
}
