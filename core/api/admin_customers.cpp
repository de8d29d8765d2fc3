// What the person behind the data has a right to: all that the systems hold about him, and that it is erased. The hub
// keeps no identifier of a customer beyond his sessions, so whoever asks says by what the systems know him.
#include "core/api/admin_pages.hpp"
#include "core/api/problem.hpp"
#include "core/api/subject_round.hpp"
#include "core/base/redacted.hpp"
#include "core/connector/identifier_types.hpp"
#include "core/json/fields.hpp"
#include "core/json/writer.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::api {
namespace {

using connector::Right;

constexpr std::size_t kMostReason = 200; // bytes
constexpr std::size_t kMostIdentifiers = 32;
constexpr std::int64_t kLeastMs = 100, kUsualMs = 30'000, kMostMs = 120'000;

struct Round { // what an answer needs of the visit, which is over by then
  const AdminRooms& rooms;
  SharedResponder responder;
  GenerationPtr generation;
  SubjectAsk ask;
  audit::Receipt receipt{};
};

using RoundPtr = std::shared_ptr<Round>;

Result<Identifier> read_identifier(json::Value element, const std::string& at,
                                   const connector::IdentifierRules& rules) {
  if (!element.is_object()) return fail(Code::invalid_argument, at + ": must be {\"type\": …, \"value\": …}");
  json::Fields fields(element, at);
  const std::string type(fields.required_string("type"));
  const auto value = fields.required_string("value");
  const auto types = connector::IdentifierTypes::published();
  if (fields.ok() && (type.starts_with('.') || !types.resolve(type, {}))) fields.refuse("type", types.refusal(type));
  boost::system::result<std::string, connector::Unfit> taken = std::string();
  if (fields.ok()) taken = rules.taken(type, value);
  if (!taken) fields.refuse("value", "is no " + type + " that could be anybody's");
  if (auto read = fields.finish(); !read) return read.error();
  return Identifier{type, std::move(*taken), true, "admin"};
}

Result<SubjectAsk> read_ask(const AdminVisit& visit, Right right) {
  const auto body = visit.reader.read(visit.request.body);
  if (!body) return body.error();
  json::Fields fields(*body, "");
  SubjectAsk ask;
  ask.right = right;
  ask.customer = visit.path.at("customer");
  ask.by = by(visit.admin);
  ask.reason = fields.required_string("reason");
  if (ask.reason.size() > kMostReason) fields.refuse("reason", "is longer than 200 bytes");
  ask.tenant = std::string(fields.string("tenant").value_or(visit.one_tenant()));
  if (ask.tenant.empty() || ask.tenant == "*") fields.refuse("tenant", "must be one tenant's name, or be left out");
  ask.patience = std::chrono::milliseconds(fields.integer("deadline_ms", kLeastMs, kMostMs).value_or(kUsualMs));
  const json::Value list = fields.array("identifiers");
  if (list.size() > kMostIdentifiers) fields.refuse("identifiers", "are too many");
  if (auto read = fields.finish(); !read) return read.error();
  auto identifiers = json::read_elements(list, "/identifiers", [&](json::Value element, const std::string& at) {
    return read_identifier(element, at, *visit.generation->identifier_rules);
  });
  if (!identifiers) return identifiers.error();
  ask.identifiers = std::move(*identifiers);
  return ask;
}

std::string types_of(const SubjectAsk& ask) {
  std::string types;
  for (const Identifier& one : ask.identifiers) types += (types.empty() ? "" : " ") + one.type;
  return types;
}

void tell(const Round& round, const SubjectParts& parts, std::optional<std::uint64_t> purged) {
  const bool settled = std::all_of(parts.begin(), parts.end(), is_settled);
  if (!settled) round.rooms.trail.outcome(round.receipt, {audit::Ending::failed, {}, "customer.incomplete"});
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("customer", round.ask.customer).member("tenant", round.ask.tenant);
  write_parts(writer, parts, round.ask.right);
  if (purged)
    writer.key("hub").begin_object().member("sessions", "ended").member("answers_purged", *purged).end_object();
  writer.end_object();
  round.responder->send(admin_page(std::move(body)));
}

void ask_connectors(const RoundPtr& round) {
  connector::Home& home = round->rooms.home;
  ask_all(round->generation, round->ask, home, round->rooms.poster, [round](const SubjectParts& parts) {
    if (round->ask.right == Right::export_data) return tell(*round, parts, std::nullopt);
    // Last, so that nothing which was asked for meanwhile stays.
    const context::Purge purge{round->ask.tenant, round->ask.customer, {}, {}};
    tell(*round, parts, std::uint64_t{round->rooms.answers.purge(purge)});
  });
}

// First, so that nobody asks the systems for what they are erasing.
void end_sessions(const RoundPtr& round) {
  session::Revocation revocation;
  revocation.tenant = round->ask.tenant;
  revocation.customer = round->ask.customer;
  round->rooms.sessions.end(std::move(revocation), round->rooms.poster, [round](const Result<void>& ended) {
    if (ended) return ask_connectors(round);
    round->rooms.trail.outcome(round->receipt, {audit::Ending::failed, {}, "session.not_stored"});
    round->responder->send(problem(
        Problem::overloaded, "The customer's sessions could not be ended for good; nothing was erased: ask again."));
  });
}

void begin(const AdminVisit& visit, http::Responder responder, Right right) {
  auto ask = read_ask(visit, right);
  if (!ask) return responder.send(refusal(ask.error()));
  if (!visit.admin.sees(ask->tenant)) return responder.send(problem(Problem::not_found));
  auto round = std::make_shared<Round>(Round{
      visit.rooms, std::make_shared<http::Responder>(std::move(responder)), visit.generation, std::move(*ask), {}});
  const std::string reason = redacted(round->ask.reason), types = types_of(round->ask);
  audit::Change change;
  change.action = right == Right::erase ? "customer.erase" : "customer.export";
  change.by = round->ask.by;
  change.tenant = round->ask.tenant;
  change.actor = visit.admin.id;
  change.customer = round->ask.customer;
  change.details = {{"reason", reason}, {"identifiers", types}};
  round->rooms.trail.change(change, round->rooms.poster, [round](Result<audit::Receipt> receipt) {
    if (!receipt) return round->responder->send(problem(Problem::audit_unavailable));
    round->receipt = std::move(*receipt);
    round->ask.id = "customer-" + std::to_string(round->receipt.seq);
    if (round->ask.right == Right::erase) return end_sessions(round);
    ask_connectors(round);
  });
}

} // namespace

void export_customer(const AdminVisit& visit, http::Responder responder) {
  begin(visit, std::move(responder), Right::export_data);
}

void erase_customer(const AdminVisit& visit, http::Responder responder) {
  begin(visit, std::move(responder), Right::erase);
}

} // namespace plugboard::api
