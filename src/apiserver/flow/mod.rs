//! Who is served when not everybody can be: upstream's priority and fairness over FlowSchemas and PriorityLevelConfigurations, in the part of it that decides.
//!
//! The first FlowSchema that matches a request names its priority level and its flow (a user or a namespace). A level has seats by its shares, and may use seats
//! that others lend and do not use. Who finds none waits in the queue of their flow, and the queues of a level take turns. A queue that is full, or a wait that gets
//! too long, is answered with 429. Left out: shuffle sharding (each flow has a queue of its own, up to the level's number of queues) and requests that take several
//! seats.

mod configuration;
pub mod defaults;
mod queues;
pub mod status;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use api::ApiError;
use http::header::HeaderValue;
use http::{HeaderMap, HeaderName};
use store::Revision;

use crate::cache::{Cache, Resource};
use crate::context::UserInfo;
use crate::request::RequestInfo;
use configuration::Configuration;
pub use queues::Seat;
use queues::{Queues, Refusal};

/// Seats of all levels together: the sum of upstream's two limits of requests in flight.
pub const SEATS: usize = 600;
/// A request that finds no seat waits this long: upstream's quarter of the time in which a request is answered.
const WAITS: Duration = Duration::from_secs(15);
/// When to come again, in seconds.
const COME_AGAIN: i32 = 1;

const SCHEMA_UID: HeaderName = HeaderName::from_static("x-kubernetes-pf-flowschema-uid");
const LEVEL_UID: HeaderName = HeaderName::from_static("x-kubernetes-pf-prioritylevel-uid");

/// Gives out seats.
pub struct Flow {
    schemas: Arc<Resource>,
    levels: Arc<Resource>,
    current: RwLock<Arc<Configuration>>,
    queues: Arc<Queues>,
}

/// Which flow a request belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    pub schema: Arc<str>,
    pub level: Arc<str>,
    /// What tells the flows of a schema apart; empty where it does not.
    pub distinguisher: String,
    pub schema_uid: Arc<str>,
    pub level_uid: Arc<str>,
}

impl Classified {
    /// Tells the client how it was classified, as upstream does.
    pub fn tell(&self, headers: &mut HeaderMap) {
        for (name, uid) in [(SCHEMA_UID, &self.schema_uid), (LEVEL_UID, &self.level_uid)] {
            if let Ok(uid) = HeaderValue::from_str(uid) {
                headers.insert(name, uid);
            }
        }
    }
}

impl Flow {
    pub fn new(cache: &Cache, seats: usize) -> Self {
        let group = "flowcontrol.apiserver.k8s.io";
        Self {
            schemas: cache.resource(group, "flowschemas"),
            levels: cache.resource(group, "prioritylevelconfigurations"),
            current: RwLock::default(),
            queues: Arc::new(Queues::new(seats)),
        }
    }

    /// What the objects say now.
    fn configuration(&self) -> Arc<Configuration> {
        let at: (Revision, Revision) = (self.schemas.last(), self.levels.last());
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        if current.at == Some(at) {
            return current;
        }
        let made = Arc::new(Configuration::of(at, &self.schemas, &self.levels));
        self.queues.configure(&made);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = made.clone();
        made
    }

    pub fn classify(&self, user: &UserInfo, info: &RequestInfo) -> Classified {
        self.configuration().classify(user, info)
    }

    /// A seat, or that there is none in time.
    pub async fn seat(&self, of: &Classified) -> Result<Seat, ApiError> {
        let refusal = match self.queues.clone().seat(of) {
            Ok(queues::Entry::Seated(seat)) => return Ok(seat),
            Ok(queues::Entry::Waiting(waiting)) => match tokio::time::timeout(WAITS, waiting).await {
                Ok(Ok(seat)) => return Ok(seat),
                // whoever gives up leaves a closed place in the queue, which is passed over
                _ => Refusal::TimeOut,
            },
            Err(refusal) => refusal,
        };
        crate::metrics::rejected(&of.level, &of.schema, refusal.reason());
        Err(ApiError::too_many_requests("Too many requests, please try again later.", COME_AGAIN))
    }

    /// Of each level: its name, its seats, those in use, those who wait.
    pub fn usage(&self) -> Vec<(Arc<str>, usize, usize, usize)> {
        self.configuration();
        self.queues.usage()
    }
}

#[cfg(test)]
mod tests;
