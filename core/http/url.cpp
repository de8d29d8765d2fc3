#include "core/http/url.hpp"

#include "core/http/characters.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace plugboard::http {
namespace {

Error refuse(std::string_view what) {
  return fail(Code::invalid_argument, "the URL " + std::string(what));
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = lower(c);
  return out;
}

// A name of letters, digits, "-", "_" and single dots, or an IPv4 address. Percent-encoding and other scripts are not
// taken: they are how one host is made to look like another.
bool is_host_name(std::string_view text) {
  constexpr auto kName = alphabet("-_.");
  if (text.empty() || text.size() > 253 || !all_in(kName, text)) return false;
  if (text.front() == '.' || text.front() == '-') return false;
  if (text.find("..") != std::string_view::npos) return false;
  const auto last = text.substr(text.find_last_of('.', text.size() - 2) + 1); // a number there makes it an address
  const bool numeric = std::all_of(last.begin(), last.end(), [](char c) { return is_digit(c) || c == '.'; }) ||
                       last.starts_with("0x") || last.starts_with("0X");
  in_addr scratch{};
  return !numeric || ::inet_pton(AF_INET, std::string(text).c_str(), &scratch) == 1;
}

// Cuts host and port off the front.
Result<void> take_host(std::string_view& authority, Origin& origin) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return refuse("has a [ without a ]");
    origin.host = lowered(authority.substr(1, end - 1));
    authority.remove_prefix(end + 1);
    in6_addr scratch{};
    if (origin.host.find('\0') != std::string::npos || ::inet_pton(AF_INET6, origin.host.c_str(), &scratch) != 1)
      return refuse("has no IPv6 address between [ and ]");
    return {};
  }
  const auto name = authority.substr(0, authority.find(':'));
  if (!is_host_name(name)) return refuse("has no valid host");
  origin.host = lowered(name);
  authority.remove_prefix(name.size());
  return {};
}

Result<void> take_port(std::string_view text, Origin& origin) {
  origin.port = origin.tls ? 443 : 80;
  if (text.empty()) return {};
  const auto digits = text.substr(1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
  if (text.front() != ':' || error != std::errc() || end != digits.data() + digits.size() || origin.port == 0)
    return refuse("has no valid port after its host");
  return {};
}

} // namespace

Result<Url> parse_url(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  const auto scheme = colon == std::string_view::npos ? text : text.substr(0, colon);
  if (colon == std::string_view::npos || (!equals_any_case(scheme, "http") && !equals_any_case(scheme, "https")))
    return refuse("does not begin with http:// or https://");
  url.origin.tls = scheme.size() == 5;
  auto rest = text.substr(colon + 3);
  const auto slash = rest.find_first_of("/?#\\");
  auto authority = rest.substr(0, slash);
  const auto target = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  if (authority.find('@') != std::string_view::npos)
    return refuse("holds a user name or password; give credentials as a secret");
  if (target.find('#') != std::string_view::npos) return refuse("holds a fragment (#)");
  if (auto host = take_host(authority, url.origin); !host) return host.error();
  if (auto port = take_port(authority, url.origin); !port) return port.error();
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  if (!is_origin_target(url.target)) return refuse("holds a character that must be percent-encoded");
  return url;
}

} // namespace plugboard::http
