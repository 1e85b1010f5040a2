//! From a request to the response that goes out.
use std::sync::{Arc, PoisonError, RwLock};

use hickory_proto::op::{Edns, Message, MessageType, Metadata, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, Record, RecordType};
use hickory_server::net::runtime::Time;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;

use crate::answer::{Answer, answer};
use crate::forward::{Error, Forwarder};
use crate::records::Records;

/// Largest UDP answer: fits into every network's packets unfragmented.
const LARGEST_UDP: u16 = 1232;

pub(crate) struct Handler {
    pub records: Arc<RwLock<Records>>,
    pub forwarder: Forwarder,
}

/// A response before it is encoded.
struct Response {
    code: ResponseCode,
    authoritative: bool,
    authentic: bool,
    answers: Vec<Record>,
    authorities: Vec<Record>,
    additionals: Vec<Record>,
}

impl Response {
    fn empty(code: ResponseCode) -> Response {
        Response { code, authoritative: false, authentic: false, answers: Vec::new(), authorities: Vec::new(), additionals: Vec::new() }
    }

    fn of_zone(code: ResponseCode, answers: Vec<Record>, authorities: Vec<Record>, additionals: Vec<Record>) -> Response {
        Response { code, authoritative: true, authentic: false, answers, authorities, additionals }
    }

    fn forwarded(message: Message) -> Response {
        Response {
            code: message.metadata.response_code,
            authoritative: false,
            authentic: message.metadata.authentic_data,
            answers: message.answers,
            authorities: message.authorities,
            additionals: message.additionals,
        }
    }
}

impl Handler {
    async fn respond(&self, request: &Request) -> Response {
        if request.metadata.message_type != MessageType::Query || request.metadata.op_code != OpCode::Query {
            return Response::empty(ResponseCode::NotImp);
        }
        let [query] = request.queries.queries() else { return Response::empty(ResponseCode::FormErr) };
        let query = query.original();
        if query.query_class != DNSClass::IN {
            return Response::empty(ResponseCode::Refused);
        }
        let answer = {
            let records = self.records.read().unwrap_or_else(PoisonError::into_inner);
            answer(&records, &query.name, query.query_type)
        };
        match answer {
            Answer::Found { mut answers, additionals, outside } => {
                // everybody gets another first address
                if answers.iter().all(|record| matches!(record.record_type(), RecordType::A | RecordType::AAAA)) {
                    let turn = usize::from(request.metadata.id) % answers.len().max(1);
                    answers.rotate_left(turn);
                }
                if let Some(outside) = outside {
                    answers.extend(self.addresses(outside, query.query_type).await);
                }
                Response::of_zone(ResponseCode::NoError, answers, Vec::new(), additionals)
            }
            Answer::NoData(authority) => Response::of_zone(ResponseCode::NoError, Vec::new(), vec![authority], Vec::new()),
            Answer::NoSuchName(authority) => Response::of_zone(ResponseCode::NXDomain, Vec::new(), vec![authority], Vec::new()),
            Answer::Elsewhere => match self.forwarder.ask(request.as_slice(), query).await {
                Ok(message) => Response::forwarded(message),
                Err(Error::Busy) => Response::empty(ResponseCode::Refused),
                Err(error) => {
                    tracing::debug!(%error, name = %query.name, "a name outside the cluster is not resolved");
                    Response::empty(ResponseCode::ServFail)
                }
            },
        }
    }

    /// What the name outside has: simple clients do not ask again for where an alias leads.
    async fn addresses(&self, name: Name, kind: RecordType) -> Vec<Record> {
        let query = Query::query(name, kind);
        let mut message = Message::query();
        message.metadata.recursion_desired = true;
        message.add_query(query.clone());
        let Ok(question) = message.to_vec() else { return Vec::new() };
        self.forwarder.ask(&question, &query).await.map(|message| message.answers).unwrap_or_default()
    }
}

#[async_trait::async_trait]
impl RequestHandler for Handler {
    async fn handle_request<R: ResponseHandler, T: Time>(&self, request: &Request, mut handle: R) -> ResponseInfo {
        let response = self.respond(request).await;
        let mut metadata = Metadata::response_from_request(&request.metadata);
        metadata.response_code = response.code;
        metadata.authoritative = response.authoritative;
        metadata.authentic_data = response.authentic;
        metadata.recursion_available = true;
        // the size a client takes is what the response's own size field is limited by
        let edns = request.edns.as_ref().map(|asked| {
            let mut edns = Edns::new();
            edns.set_max_payload(asked.max_payload().clamp(512, LARGEST_UDP));
            edns
        });
        let mut builder = MessageResponseBuilder::from_message_request(request);
        if let Some(edns) = &edns {
            builder.edns(edns);
        }
        let message = builder.build(metadata, &response.answers, &response.authorities, [], &response.additionals);
        match handle.send_response(message).await {
            Ok(info) => info,
            Err(error) => {
                tracing::debug!(%error, client = %request.src(), "a DNS answer could not be sent");
                let failed = hickory_proto::op::Header { metadata, counts: hickory_proto::op::HeaderCounts::default() };
                failed.into()
            }
        }
    }
}
