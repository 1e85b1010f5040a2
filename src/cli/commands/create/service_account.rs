//! `create serviceaccount`.

use serde_json::json;

use super::{CommonFlags, one_name};
use crate::error::Result;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    name: Vec<String>,
    #[command(flatten)]
    common: CommonFlags,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.name, "serviceaccount")?;
        self.common.create_described(session, json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}})).await
    }
}
