// What is on record, read and verified: pages of records, and segments held against their chain. Reading is on record,
// too. No call names a file.
#include "core/api/admin_pages.hpp"
#include "core/api/problem.hpp"
#include "core/json/writer.hpp"

#include <charconv>

namespace plugboard::api {

namespace {

constexpr int kMostRecords = 1000; // a page

// What stands in records: UTC, milliseconds.
Result<std::string> time_from(const AdminVisit& visit, std::string_view name) {
  const auto text = visit.query.find(name);
  if (!text) return std::string();
  const auto time = parse_rfc3339(*text);
  if (time) return rfc3339(*time);
  return fail(Code::invalid_argument, "?" + std::string(name) + ": must be a time such as 2026-01-31T00:00:00Z");
}

std::string text_from(const AdminVisit& visit, std::string_view name) {
  return std::string(visit.query.find(name).value_or(""));
}

Result<std::size_t> most_from(const AdminVisit& visit) {
  const auto text = visit.query.find("most");
  if (!text) return std::size_t{kMostRecords};
  int most = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), most);
  if (read.ec == std::errc() && read.ptr == text->data() + text->size() && most >= 1 && most <= kMostRecords)
    return static_cast<std::size_t>(most);
  return fail(Code::invalid_argument, "?most: must be 1 to " + std::to_string(kMostRecords));
}

Result<audit::Query> query_from(const AdminVisit& visit) {
  auto from = time_from(visit, "from"), to = time_from(visit, "to");
  auto most = most_from(visit);
  if (!from) return from.error();
  if (!to) return to.error();
  if (!most) return most.error();
  audit::Query query;
  query.tenant = visit.tenant().value_or("");
  query.customer = text_from(visit, "customer");
  query.client = text_from(visit, "client");
  query.kind = text_from(visit, "kind");
  query.from = std::move(*from);
  query.to = std::move(*to);
  query.after = text_from(visit, "after");
  query.most = *most;
  return query;
}

void write_end(json::Writer& writer, std::string_view name, const audit::ChainEnd& end) {
  writer.key(name).begin_object();
  writer.member("seq", static_cast<std::size_t>(end.seq)).member("hash", hex(end.hash)).end_object();
}

std::string verdict_page(const audit::SegmentVerdict& verdict) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  write_end(writer, "before", verdict.before);
  write_end(writer, "end", verdict.end);
  write_end(writer, "head_before", verdict.head_before);
  write_end(writer, "head_end", verdict.head_end);
  writer.member("records", static_cast<std::size_t>(verdict.records));
  writer.member("checkpoints", static_cast<std::size_t>(verdict.checkpoints));
  writer.key("signed_by").begin_array();
  for (const auto& key : verdict.signed_by) writer.value(key);
  writer.end_array();
  if (!verdict.fault.empty()) writer.member("fault", verdict.fault);
  if (!verdict.next.empty()) writer.member("next", verdict.next);
  writer.end_object();
  return body;
}

http::Response not_kept() {
  return problem(Problem::not_found, "Nothing is put on record: the hub's configuration has audit.enabled false.");
}

http::Response not_read(const Error& error) {
  if (error.code == Code::invalid_argument) return problem(Problem::invalid_request, error.message);
  return problem(Problem::overloaded, error.message);
}

void note_reading(const AdminVisit& visit, std::string_view action, std::string_view customer) {
  audit::Change reading{.action = action, .by = visit.admin.id};
  reading.tenant = visit.tenant().value_or("");
  reading.customer = customer;
  visit.rooms.trail.change(reading, nullptr, [](const Result<audit::Receipt>&) {}); // the look itself needs no leave
}

} // namespace

void list_audit(const AdminVisit& visit, http::Responder responder) {
  if (visit.rooms.reports == nullptr) return responder.send(not_kept());
  auto query = query_from(visit);
  if (!query) return responder.send(problem(Problem::invalid_request, query.error().message));
  note_reading(visit, "audit.read", query->customer);
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  visit.rooms.reports->read(std::move(*query), visit.rooms.poster, [shared](const Result<audit::Page>& page) {
    if (!page) return shared->send(not_read(page.error()));
    std::string body;
    json::Writer writer(body);
    writer.begin_object().key("records").begin_array();
    for (const auto& record : page->records) writer.raw(record);
    writer.end_array();
    if (!page->next.empty()) writer.member("next", page->next);
    writer.end_object();
    shared->send(admin_page(std::move(body)));
  });
}

void verify_audit(const AdminVisit& visit, http::Responder responder) {
  if (visit.rooms.reports == nullptr) return responder.send(not_kept());
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  visit.rooms.reports->verify(text_from(visit, "segment"), visit.rooms.poster,
                              [shared](const Result<audit::SegmentVerdict>& verdict) {
                                if (!verdict) return shared->send(not_read(verdict.error()));
                                shared->send(admin_page(verdict_page(*verdict)));
                              });
}

} // namespace plugboard::api
