#include "plugins/rest/answer.hpp"

#include "plugins/rest/fit.hpp"
#include "plugins/rest/pause.hpp"

namespace plugboard::rest {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

Failure malformed(std::string message) {
  return {Status::upstream_malformed, std::move(message)};
}

// application/json, text/json, application/problem+json and the like; parameters do not matter.
bool is_json_type(std::string_view content_type) {
  if (content_type == "application/json") return true; // as most write it
  auto type = lower(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ') || type.ends_with('\t')) type.pop_back();
  return type == "application/json" || type == "text/json" || (type.ends_with("+json") && type.find('/') != type.npos);
}

Failure refusal(const HttpResponse& response, std::chrono::sys_seconds now) {
  int code = response.status();
  auto answered = "the system answered " + std::to_string(code);
  Failure failure{Status::upstream_refused, answered};
  if (code == 404 || code == 410 || code == 204) return {Status::not_found, answered};
  if (code == 401 || code == 403) return {Status::upstream_unauthorized, answered + ": check the credentials"};
  if (code >= 300 && code < 400) failure.message += ": redirects are not followed, set base_url to where it leads";
  if (code == 429) failure.status = Status::upstream_rate_limited;
  if (code >= 500) failure.status = Status::upstream_failed;
  if (code < 200) failure = malformed(answered);
  if (code == 429 || code == 503)
    if (auto retry_after = response.header("retry-after"))
      failure.retry_after = read_retry_after(*retry_after, response.header("date"), now);
  return failure;
}

// Why the body of a 2xx is not worth reading, before reading it.
std::optional<Failure> misframed(const HttpResponse& response) {
  int code = response.status();
  if (code == 202 || code == 205 || code == 206)
    return malformed("the system answered " + std::to_string(code) + ", which is not the whole answer");
  auto encoding = response.header("content-encoding");
  if (encoding && lower(*encoding) != "identity")
    return malformed("the answer is compressed although that was not asked for");
  auto type = response.header("content-type");
  if (type && !is_json_type(*type)) {
    bool html = lower(*type).starts_with("text/html");
    return malformed(html ? "the answer is an HTML page, not JSON" : "the answer's Content-Type is not JSON");
  }
  return std::nullopt;
}

Result<std::vector<Yield>> read_yields(const SectionSettings& settings, const Value& answer) {
  std::vector<Yield> yields;
  for (const auto& wanted : settings.yields) {
    const auto* found = wanted.from.find(answer);
    if (!found) continue;
    if (!found->is(Value::Kind::string) && !found->is(Value::Kind::number))
      return malformed("what stands at " + wanted.from.text() + " is no identifier (" + wanted.type + ")");
    if (!found->text.empty()) yields.push_back({wanted.type, found->text, wanted.verified});
  }
  return yields;
}

constexpr std::string_view kBlanks = " \t\r\n";

bool is_empty(std::string_view body) {
  return body.find_first_not_of(kBlanks) == body.npos;
}

bool begins_object(std::string_view body) {
  auto first = body.find_first_not_of(kBlanks);
  return first != body.npos && body[first] == '{';
}

bool is_whole(const HttpResponse& response) {
  return response.answered() && response.status() >= 200 && response.status() < 300 && response.status() != 204;
}

// The bytes as they came: the hub reads every section strictly anyway.
Result<Section> as_it_is(std::string_view body) {
  if (is_empty(body)) return malformed("the answer is empty");
  if (!begins_object(body)) return malformed("the answer is no JSON object");
  return Section{std::string(body), {}, true};
}

Result<Section> read_body(const SectionSettings& settings, std::string_view body) {
  if (!settings.mapping && settings.yields.empty()) return as_it_is(body);
  auto answer = read_json(body);
  if (!answer) return malformed("the answer is " + answer.failure().message);
  auto yields = read_yields(settings, *answer);
  if (!yields) return yields.failure();
  if (!settings.mapping) {
    auto section = as_it_is(body);
    if (section) section->yields = std::move(*yields);
    return section;
  }
  auto mapped = settings.mapping->apply(*answer);
  if (auto* misfit = std::get_if<Misfit>(&mapped)) {
    auto at = misfit->pointer.empty() ? std::string("the answer itself") : "what stands at " + misfit->pointer;
    return malformed(at + " is " + misfit->reason);
  }
  const auto& section = std::get<Value>(mapped);
  if (auto fault = unfit(section)) return malformed(std::move(*fault));
  return Section{write_json(section), std::move(*yields)};
}

} // namespace

Result<Section> read_answer(const SectionSettings& settings, const HttpResponse& response,
                            std::chrono::sys_seconds now) {
  if (!response.answered()) return Failure{response.error(), std::string(response.message())};
  if (!is_whole(response)) return refusal(response, now);
  if (auto fault = misframed(response)) return *fault;
  return read_body(settings, response.body());
}

std::optional<PassedOn> pass_on(const SectionSettings& settings, const HttpResponse& response) {
  if (settings.mapping || !settings.yields.empty() || !is_whole(response) || misframed(response) ||
      !begins_object(response.body()))
    return std::nullopt;
  return PassedOn{response.body()};
}

} // namespace plugboard::rest
