#include "core/cli/stand_in_names.hpp"

#include <algorithm>

namespace plugboard::cli {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";

std::string label_of(std::string_view authority) { // "[::1]:80" would be no name
  std::string label(authority);
  std::replace_if(
      label.begin(), label.end(), [](char c) { return c == ':' || c == '[' || c == ']'; }, '-');
  return label;
}

} // namespace

std::optional<std::string> origin_of(std::string_view url) {
  const auto scheme = url.starts_with(kHttps) ? kHttps : url.starts_with(kHttp) ? kHttp : std::string_view();
  if (scheme.empty()) return std::nullopt;
  const auto end = url.find_first_of("/?#", scheme.size());
  if (end == scheme.size() || url.size() == scheme.size()) return std::nullopt;
  return std::string(url.substr(0, end));
}

StandInNames::StandInNames(const std::vector<std::string>& urls, Ports ports) {
  for (const auto& url : urls) {
    const auto origin = origin_of(url);
    const bool known =
        !origin || std::any_of(all_.begin(), all_.end(), [&](const Pair& each) { return each.there == *origin; });
    if (known) continue;
    const bool tls = origin->starts_with(kHttps);
    const auto authority = origin->substr((tls ? kHttps : kHttp).size());
    all_.push_back(
        {*origin, tls ? "https" : "http", label_of(authority) + ".localhost", tls ? ports.https : ports.http});
  }
}

std::string StandInNames::here(std::string_view text) const {
  const auto origin = origin_of(text);
  for (const auto& each : all_)
    if (origin == each.there) return each.here() + std::string(text.substr(origin->size()));
  return std::string(text);
}

std::string StandInNames::there(std::string_view host) const {
  for (const auto& each : all_)
    if (host == each.host + ":" + std::to_string(each.port)) return each.there;
  return {};
}

std::vector<std::string> StandInNames::hosts() const {
  std::vector<std::string> names;
  for (const auto& each : all_) names.push_back(each.host);
  return names;
}

} // namespace plugboard::cli
