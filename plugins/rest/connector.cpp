#include "plugins/rest/connector.hpp"

#include "plugins/rest/answer.hpp"

#include <algorithm>

namespace plugboard::rest {

namespace {

void fail(Call call, std::string_view section, Failure failure) {
  failure.message = std::string(section) + ": " + failure.message;
  call.fail(failure);
}

bool is_known(const Variables& variables, const std::string& identifier) {
  auto value = variables.text({Variable::Source::identifier, identifier});
  return value && *value;
}

} // namespace

RestConnector::RestConnector(Host host, std::string_view config, Clocks clocks)
    : host_(host), clocks_(clocks), settings_(read_settings(config)) {}

void RestConnector::lookup(const Request& request, Call call) {
  auto found = settings_.sections.find(request.section());
  if (found == settings_.sections.end())
    return fail(std::move(call), request.section(), {Status::unsupported, "no such section is configured"});
  const auto& [name, section] = *found;
  if (auto left = pause_.left(clocks_.steady()); left.count() > 0)
    return fail(std::move(call), name,
                {Status::upstream_rate_limited, "the system asked for a pause, which is not over", left});
  auto prepared = prepare(section, request);
  if (!prepared) return fail(std::move(call), name, prepared.failure());
  // The open call keeps this connector, and so its settings, alive until it is answered.
  const HttpRequestView http{section.method, prepared->url, prepared->headers.all(), prepared->body};
  host_.send(http, std::move(call), [this, &found = *found](Call answered, const HttpResponse& response) {
    answer(found.second, found.first, std::move(answered), response);
  });
}

Result<RestConnector::Prepared> RestConnector::prepare(const SectionSettings& section, const Request& request) const {
  auto variables = Variables::of(request);
  if (!variables) return variables.failure();
  // Without any of them the question would be about nobody, and the answer about somebody.
  const auto& with = section.asked_with;
  if (!with.empty() && std::none_of(with.begin(), with.end(), [&](const auto& i) { return is_known(*variables, i); }))
    return Failure{Status::failed, "none of the identifiers that its url and body name has a value"};
  auto url = section.url.expand(*variables, settings_.base_url);
  if (!url) return url.failure();
  auto headers = section.headers.make(host_, request, section.body.has_value());
  if (!headers) return headers.failure();
  Prepared prepared{std::move(*url), {}, std::move(*headers)};
  if (section.body) {
    auto body = section.body->expand(*variables);
    if (!body) return body.failure();
    prepared.body = std::move(*body);
  }
  return prepared;
}

void RestConnector::answer(const SectionSettings& section, std::string_view name, Call call,
                           const HttpResponse& response) {
  if (auto passed_on = pass_on(section, response)) return call.complete(*passed_on);
  auto read = read_answer(section, response, std::chrono::floor<std::chrono::seconds>(clocks_.wall()));
  if (read) return call.complete(*read);
  const auto& failure = read.failure();
  if (failure.retry_after.count() > 0) pause_.begin(clocks_.steady(), failure.retry_after);
  fail(std::move(call), name, failure);
}

} // namespace plugboard::rest
