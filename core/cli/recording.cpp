#include "core/cli/recording.hpp"

#include "core/json/writer.hpp"

#include <algorithm>

namespace plugboard::cli {
namespace {

using conformance::Exchange;
using conformance::Expected;
using json::Writer;

constexpr std::string_view kKeptHeaders[] = {"content-type", "retry-after", "etag", "last-modified"};

bool is_json(std::string_view body) {
  const auto document = json::read_document(body, false);
  return document.faults.empty() && (document.tree.IsObject() || document.tree.IsArray());
}

bool is_form(std::string_view body) {
  return body.find('=') != std::string_view::npos && body.find_first_of("{<\n") == std::string_view::npos;
}

void look_through(std::string_view body, Pseudonyms& pseudonyms) {
  if (is_json(body))
    pseudonyms.look_through(json::read_document(body, false).tree);
  else if (is_form(body))
    pseudonyms.look_through_form(body);
}

void write_body(Writer& writer, std::string_view body, const Pseudonyms& pseudonyms) {
  if (is_json(body))
    writer.raw(pseudonyms.of_json(json::read_document(body, false).tree));
  else if (is_form(body))
    writer.value(pseudonyms.of_form(body));
  else
    writer.value(pseudonyms.of_text(std::string(body)));
}

void write_exchange(Writer& writer, const Exchange& exchange, const Pseudonyms& pseudonyms) {
  writer.begin_object().member("method", exchange.method).member("url", pseudonyms.of_url(exchange.url));
  if (exchange.sent && !exchange.sent->empty()) {
    writer.key("sent");
    write_body(writer, *exchange.sent, pseudonyms);
  }
  writer.member("status", exchange.answer.status).key("headers").begin_object();
  for (const auto& [name, value] : exchange.answer.headers)
    if (std::find(std::begin(kKeptHeaders), std::end(kKeptHeaders), name) != std::end(kKeptHeaders))
      writer.member(name, pseudonyms.of_text(value));
  writer.end_object().key("body");
  write_body(writer, exchange.answer.body, pseudonyms);
  writer.end_object();
}

void write_lookup(Writer& writer, const conformance::Question& lookup, const Expected& gives,
                  const Pseudonyms& pseudonyms) {
  writer.begin_object().member("section", lookup.section).key("identifiers").begin_object();
  for (const auto& identifier : lookup.identifiers)
    writer.member(identifier.type, pseudonyms.of_value(identifier.value));
  writer.end_object().key("params").raw(pseudonyms.of_json(json::read_document(lookup.params, false).tree));
  if (!gives.status.empty()) {
    writer.key("gives").begin_object().member("status", gives.status);
    if (!gives.data.empty()) writer.key("data").raw(gives.data);
    writer.end_object();
  }
  writer.end_object();
}

std::string query_of(std::string_view url) {
  const auto at = url.find('?');
  return at == std::string_view::npos ? std::string() : std::string(url.substr(at + 1));
}

} // namespace

Recording::Recording(const conformance::Scenario& scenario, std::vector<Exchange> exchanges, Random& random)
    : scenario_(scenario), exchanges_(std::move(exchanges)), pseudonyms_(random) {
  for (const auto& [handle, secret] : scenario_.secrets) pseudonyms_.replace(secret);
  for (const auto& lookup : scenario_.lookups)
    for (const auto& identifier : lookup.identifiers) pseudonyms_.replace(identifier.value);
  for (const auto& each : exchanges_) {
    pseudonyms_.look_through_form(query_of(each.url));
    if (each.sent) look_through(*each.sent, pseudonyms_);
    look_through(each.answer.body, pseudonyms_);
  }
}

std::string Recording::text(const std::vector<Expected>& gives) const {
  std::string text;
  Writer writer(text);
  writer.begin_object().key("config").raw(pseudonyms_.of_json(json::read_document(scenario_.written, false).tree));
  writer.key("secrets").begin_object();
  for (const auto& [handle, secret] : scenario_.secrets) writer.member(handle, pseudonyms_.of_value(secret));
  writer.end_object().key("files").begin_object();
  for (const auto& [path, bytes] : scenario_.files) writer.member(path, pseudonyms_.of_text(bytes));
  writer.end_object().key("upstream").begin_array();
  for (const auto& each : exchanges_) write_exchange(writer, each, pseudonyms_);
  writer.end_array().key("lookup").begin_array();
  for (std::size_t i = 0; i < scenario_.lookups.size(); ++i)
    write_lookup(writer, scenario_.lookups[i], i < gives.size() ? gives[i] : Expected{}, pseudonyms_);
  writer.end_array().end_object();
  return text + "\n";
}

} // namespace plugboard::cli
