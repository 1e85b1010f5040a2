//! `api-resources` and `api-versions`: what the server serves.

use output::tabwriter::{Layout, align};

use crate::error::{CommandError, Result};
use crate::resources::discovery::{Resource, groups};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Limit to resources in the specified API group.
    #[arg(long)]
    api_group: Option<String>,
    /// Use the cached list of resources if available.
    #[arg(long)]
    cached: bool,
    /// Limit to resources that belong to the specified categories.
    #[arg(long, value_delimiter = ',')]
    categories: Vec<String>,
    /// If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    namespaced: Option<bool>,
    /// When using the default or custom-column output format, don't print headers (default print headers).
    #[arg(long)]
    no_headers: bool,
    /// Output format. One of: (json, yaml, kyaml, name, wide).
    #[arg(short, long, default_value = "")]
    output: String,
    /// If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.
    #[arg(long, default_value = "")]
    sort_by: String,
    /// Limit to resources that support the specified verbs.
    #[arg(long, value_delimiter = ',')]
    verbs: Vec<String>,
    #[arg(hide = true)]
    extra: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        refuse_extra(session, "api-resources", &self.extra)?;
        if !["", "name", "wide", "json", "yaml", "kyaml"].contains(&self.output.as_str()) {
            return Err(CommandError::message(format!(
                "unable to match a printer suitable for the output format {:?}, allowed formats are: json,kyaml,name,wide,yaml",
                self.output
            )));
        }
        if !["", "name", "kind"].contains(&self.sort_by.as_str()) {
            return Err(CommandError::message("--sort-by accepts only name or kind"));
        }
        let mut resources = preferred(session).await?;
        resources.retain(|resource| self.wants(resource));
        resources.sort_by(|one, other| {
            let key = |resource: &Resource| match self.sort_by.as_str() {
                "name" => resource.mapping.plural.clone(),
                "kind" => resource.mapping.kind.clone(),
                _ => resource.mapping.group.clone(),
            };
            key(one).cmp(&key(other)).then_with(|| one.mapping.plural.cmp(&other.mapping.plural))
        });
        let text = match self.output.as_str() {
            "name" => resources.iter().map(|resource| format!("{}\n", resource.mapping.resource())).collect(),
            "" | "wide" => self.table(&resources),
            format => structured(format, &resources)?,
        };
        session.ui.print(&text);
        Ok(())
    }

    fn wants(&self, resource: &Resource) -> bool {
        !resource.verbs.is_empty()
            && self.api_group.as_ref().is_none_or(|group| *group == resource.mapping.group)
            && self.namespaced.is_none_or(|namespaced| namespaced == resource.mapping.namespaced)
            && self.verbs.iter().all(|verb| resource.verbs.contains(verb))
            && self.categories.iter().all(|category| resource.categories.contains(category))
    }

    fn table(&self, resources: &[Resource]) -> String {
        let wide = self.output == "wide";
        let mut text = String::new();
        if !self.no_headers {
            text.push_str("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND");
            text.push_str(if wide { "\tVERBS\tCATEGORIES\n" } else { "\n" });
        }
        for Resource { mapping, short_names, verbs, categories, .. } in resources {
            text.push_str(&format!(
                "{}\t{}\t{}\t{}\t{}",
                mapping.plural,
                short_names.join(","),
                mapping.api_version(),
                mapping.namespaced,
                mapping.kind
            ));
            if wide {
                text.push_str(&format!("\t{}\t{}", verbs.join(","), categories.join(",")));
            }
            text.push('\n');
        }
        align(Layout::TABLE, &text)
    }
}

/// Every resource once, in the preferred version of its group where that has it.
async fn preferred(session: &mut Session<'_>) -> Result<Vec<Resource>> {
    let mut found: Vec<Resource> = Vec::new();
    for group in groups(session).await? {
        let start = found.len();
        for resource in group.versions.into_iter().flat_map(|version| version.resources) {
            if !found[start..].iter().any(|earlier| earlier.mapping.plural == resource.mapping.plural) {
                found.push(resource);
            }
        }
    }
    Ok(found)
}

fn structured(format: &str, resources: &[Resource]) -> Result<String> {
    let resources: Vec<serde_json::Value> = resources
        .iter()
        .map(|resource| {
            let mapping = &resource.mapping;
            let mut json = serde_json::json!({
                "name": mapping.plural, "singularName": resource.singular, "namespaced": mapping.namespaced, "version": mapping.version,
                "kind": mapping.kind, "verbs": resource.verbs,
            });
            for (key, list) in [("shortNames", &resource.short_names), ("categories", &resource.categories)] {
                if !list.is_empty() {
                    json[key] = list.clone().into();
                }
            }
            if !mapping.group.is_empty() {
                json["group"] = mapping.group.clone().into();
            }
            json
        })
        .collect();
    let list = serde_json::json!({ "apiVersion": "v1", "kind": "APIResourceList", "groupVersion": "", "resources": resources });
    match format {
        "yaml" => Ok(output::yaml::document(&list)),
        "kyaml" => Ok(output::kyaml::document(&list)),
        _ => output::json::pretty(&list).map_err(|error| CommandError::message(error.to_string())),
    }
}

/// `api-versions`.
#[derive(clap::Args, Debug)]
pub struct Versions {
    #[arg(hide = true)]
    extra: Vec<String>,
}

impl Versions {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        refuse_extra(session, "api-versions", &self.extra)?;
        let mut names: Vec<String> = Vec::new();
        for group in groups(session).await? {
            names.extend(
                group
                    .versions
                    .iter()
                    .map(|version| if group.name.is_empty() { version.name.clone() } else { format!("{}/{}", group.name, version.name) }),
            );
        }
        names.sort();
        names.iter().for_each(|name| session.ui.line(name));
        Ok(())
    }
}

fn refuse_extra(session: &Session<'_>, command: &str, extra: &[String]) -> Result<()> {
    if extra.is_empty() {
        return Ok(());
    }
    Err(CommandError::Usage {
        message: format!("unexpected arguments: [{}]", extra.join(" ")),
        command: format!("{} {command}", session.program),
    })
}
