// The connector `rest`: a URL template and the values put into it, line by line: template, base URL, identifier,
// parameters. Whatever a value holds, it stays within the place that the operator gave it.
#include "plugins/rest/url_template.hpp"
#include "tests/fuzz/target.hpp"

#include <plugboard/testkit/conversation.hpp>

#include <algorithm>

namespace plugboard::fuzz {
namespace {

constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%/?&=!$'()*+,;:@";

auto count(std::string_view text, char c) {
  return std::count(text.begin(), text.end(), c);
}

std::string expand(const rest::UrlTemplate& url, std::string id, std::string params) {
  testkit::Conversation conversation(
      PLUGBOARD_LOOKUP,
      {.section = "s", .identifiers = {{"customer_id", std::move(id)}}, .params = std::move(params), .language = "sv"});
  const Request request(conversation.request(), conversation.handle(), std::stop_token());
  auto variables = rest::Variables::of(request);
  if (!variables) return {};
  auto made = url.expand(*variables);
  return made ? *made : std::string();
}

} // namespace

void fuzz(std::string_view input) {
  const auto text = take_line(input);
  rest::Problems of_base;
  rest::read_base_url(take_line(input), "/base_url", of_base);
  const std::string id(take_line(input)), params(input);
  rest::Problems problems;
  const auto url = rest::UrlTemplate::read(text, rest::Vocabulary{{"customer_id"}}, "/url", problems);
  if (!problems.none()) return;
  const auto made = expand(url, id, params);
  if (made.empty()) return;
  require(made.starts_with('/') && made.find_first_not_of(kPlain) == std::string::npos, "a URL is clean");
  const auto tame = expand(url, "7", params);
  const auto path = std::string_view(made).substr(0, made.find('?'));
  const auto tame_path = std::string_view(tame).substr(0, tame.find('?'));
  require(count(path, '/') == count(tame_path, '/'), "a value adds no step to the path");
  require(id.empty() || count(made, '&') == count(tame, '&'), "a value adds no pair to the query");
  require(id.empty() || (made.find('?') == std::string::npos) == (tame.find('?') == std::string::npos),
          "a value begins no query");
  for (auto rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    const auto step = rest.substr(0, rest.find('/'));
    require(text.find(step) != std::string_view::npos || (step != "." && step != ".."), "a value is no step");
    rest.remove_prefix(step.size());
  }
}

} // namespace plugboard::fuzz
