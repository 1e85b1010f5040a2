//! Getting a container's image by its pull policy, in the background, with back-off between failed attempts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cri::v1::Image;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod, Secret};
use tokio::task::JoinHandle;

use crate::backoff::Backoffs;
use crate::execute::words_of;
use crate::kubelet::Shared;
use crate::mailbox::Mailbox;
use crate::worker::RETRY;
use crate::{images, pod};

/// Whose image is needed.
pub struct Need {
    pub pod: Arc<Pod>,
    pub container: Container,
}

impl Need {
    fn image(&self) -> &str {
        self.container.image.as_deref().unwrap_or_default()
    }
    fn policy(&self) -> &str {
        // Defaulting sets it; a static pod may lack it.
        self.container.image_pull_policy.as_deref().unwrap_or(if self.image().ends_with(":latest") || !self.image().contains(':') {
            "Always"
        } else {
            "IfNotPresent"
        })
    }
    fn event(&self, shared: &Shared, kind: &str, reason: &str, message: &str) {
        shared.recorder.event(&pod::container_reference(&self.pod, &self.container.name), kind, reason, message);
    }
}

/// Where an image stands.
pub enum Pulled {
    Present(Image),
    Pulling,
    /// `news` is false while the same failure is only told again.
    Failed {
        reason: &'static str,
        message: String,
        retry_at: Timestamp,
        news: bool,
    },
}

/// A pull under way, or how it ended.
enum Attempt {
    Running(JoinHandle<()>),
    Done,
    Failed { error: String, at: Timestamp, told_back_off: bool },
}

/// The pulls of one pod, by container.
#[derive(Default)]
pub struct Pulls {
    attempts: Arc<Mutex<BTreeMap<String, Attempt>>>,
    backoffs: Backoffs,
}

impl Pulls {
    /// No pull goes on.
    pub fn stop(&mut self) {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        for attempt in std::mem::take(&mut *attempts).into_values() {
            if let Attempt::Running(task) = attempt {
                task.abort();
            }
        }
    }

    /// The image where it is present; else begins a pull or says why there is none.
    pub async fn image(&mut self, shared: &Arc<Shared>, mailbox: &Arc<Mailbox>, need: Need, now: Timestamp) -> cri::Result<Pulled> {
        let name = need.container.name.clone();
        let image = match images::with_tag(need.image()) {
            Ok(image) => image,
            Err(error) => {
                let message = format!("Failed to apply default image tag \"{}\": {error}", need.image());
                need.event(shared, "Warning", "InspectFailed", &message);
                return Ok(Pulled::Failed { reason: "InvalidImageName", message, retry_at: now + RETRY, news: true });
            }
        };
        let (just_pulled, pull_failed) = {
            let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
            match attempts.get(&name) {
                Some(Attempt::Running(_)) => return Ok(Pulled::Pulling),
                Some(Attempt::Done) => (attempts.remove(&name).is_some(), false),
                Some(Attempt::Failed { .. }) => (false, true),
                None => (false, false),
            }
        };
        let found = shared.engine.image_status(&image).await?;
        // A local cluster's images are mostly put into it, not pulled: where the registry does not give one, the one that is here is used.
        if let Some(found) = found.filter(|_| just_pulled || pull_failed || need.policy() != "Always") {
            self.backoffs.forget(need.image());
            self.attempts.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
            if !just_pulled {
                let message = format!("Container image \"{}\" already present on machine and can be accessed by the pod", need.image());
                need.event(shared, "Normal", "Pulled", &message);
            }
            return Ok(Pulled::Present(found));
        }
        if need.policy() == "Never" {
            let message = format!("Container image \"{}\" is not present with pull policy of Never", need.image());
            need.event(shared, "Warning", "ErrImageNeverPull", &message);
            return Ok(Pulled::Failed { reason: "ErrImageNeverPull", message, retry_at: now + RETRY, news: true });
        }
        if let Some(failed) = self.back_off(shared, &need, now) {
            return Ok(failed);
        }
        self.begin(shared, mailbox, need, image);
        Ok(Pulled::Pulling)
    }

    /// The failure of the last pull, first as such, then as a back-off, until the wait is over.
    fn back_off(&mut self, shared: &Shared, need: &Need, now: Timestamp) -> Option<Pulled> {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Attempt::Failed { error, at, told_back_off }) = attempts.get_mut(&need.container.name) else { return None };
        let (_, over) = self.backoffs.wait(need.image(), *at).unwrap_or_else(|| {
            self.backoffs.next(need.image(), *at, *at);
            self.backoffs.wait(need.image(), *at).unwrap_or_default()
        });
        if over <= now {
            self.backoffs.next(need.image(), *at, now);
            attempts.remove(&need.container.name);
            return None;
        }
        // The error is shown for a moment before the wait is.
        let shown_until = *at + jiff::SignedDuration::from_secs(3);
        if now < shown_until {
            return Some(Pulled::Failed { reason: "ErrImagePull", message: error.clone(), retry_at: shown_until.min(over), news: true });
        }
        let news = !std::mem::replace(told_back_off, true);
        let message = format!("Back-off pulling image \"{}\"", need.image());
        if news {
            need.event(shared, "Normal", "BackOff", &message);
        }
        Some(Pulled::Failed { reason: "ImagePullBackOff", message: format!("{message}: ErrImagePull: {error}"), retry_at: over, news })
    }

    fn begin(&mut self, shared: &Arc<Shared>, mailbox: &Arc<Mailbox>, need: Need, image: String) {
        let (shared, mailbox, attempts) = (shared.clone(), mailbox.clone(), self.attempts.clone());
        let name = need.container.name.clone();
        // The lock is held until the task is noted, so that the task can not end unseen.
        let mut held = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = name.clone();
        let task = tokio::spawn(async move {
            let outcome = pull(&shared, &need, &image).await;
            let attempt = match outcome {
                Ok(()) => Attempt::Done,
                Err(error) => Attempt::Failed { error, at: Timestamp::now(), told_back_off: false },
            };
            attempts.lock().unwrap_or_else(PoisonError::into_inner).insert(name, attempt);
            mailbox.wake();
        });
        held.insert(key, Attempt::Running(task));
    }
}

/// Pulls once, with the credentials that fit; tells Events before and after.
async fn pull(shared: &Shared, need: &Need, image: &str) -> Result<(), String> {
    need.event(shared, "Normal", "Pulling", &format!("Pulling image \"{}\"", need.image()));
    let asked = tokio::time::Instant::now();
    let permit = shared.pulls.acquire().await.map_err(|error| error.to_string())?;
    let begun = tokio::time::Instant::now();
    let secrets = pull_secrets(shared, &need.pod).await;
    let auth = images::credentials(image, &secrets.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    let outcome = shared.engine.pull_image(image, auth, None).await;
    drop(permit);
    match outcome {
        Ok(_) => {
            let size = shared.engine.image_status(image).await.ok().flatten().map_or(0, |found| found.size);
            let message = format!(
                "Successfully pulled image \"{}\" in {} ({} including waiting). Image size: {size} bytes.",
                need.image(),
                words_of(begun.elapsed()),
                words_of(asked.elapsed())
            );
            need.event(shared, "Normal", "Pulled", &message);
            Ok(())
        }
        Err(error) => {
            need.event(shared, "Warning", "Failed", &format!("Failed to pull image \"{}\": {error}", need.image()));
            Err(error.to_string())
        }
    }
}

async fn pull_secrets(shared: &Shared, pod: &Pod) -> Vec<Arc<Secret>> {
    let mut found = Vec::new();
    for reference in pod::spec(pod).image_pull_secrets.iter().flatten() {
        match shared.objects.secret(pod::namespace(pod), &reference.name).await {
            Ok(secret) => found.extend(secret),
            Err(error) => tracing::warn!(%error, secret = reference.name, "reading a pull secret"),
        }
    }
    let missing: Vec<&str> = pod::spec(pod)
        .image_pull_secrets
        .iter()
        .flatten()
        .map(|reference| reference.name.as_str())
        .filter(|name| !found.iter().any(|secret: &Arc<Secret>| secret.metadata.name.as_deref() == Some(name)))
        .collect();
    if !missing.is_empty() {
        let message =
            format!("Unable to retrieve some image pull secrets ({}); attempting to pull the image may not succeed.", missing.join(", "));
        shared.recorder.event(&pod::reference(pod), "Warning", "FailedToRetrieveImagePullSecret", &message);
    }
    found
}
