#include "plugins/oidc/callback.hpp"

#include <optional>
#include <utility>

namespace oidc {
namespace {

using plugboard::Failure;
using plugboard::Status;

Failure rejected(std::string why) {
  return Failure{Status::rejected, "the callback " + std::move(why)};
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// application/x-www-form-urlencoded; none for a broken escape or a control character.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
      c = static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

// The query of a URL, or the text itself. None: a URL of another place.
std::optional<std::string_view> query_of(std::string_view text, std::string_view redirect_uri) {
  text = text.substr(0, text.find('#'));
  const auto scheme = text.find("://");
  if (scheme == text.npos || scheme > text.find_first_of("?&=")) { // it stands in a value, or nowhere
    if (text.starts_with('?')) text.remove_prefix(1);
    return text;
  }
  if (!text.starts_with(redirect_uri)) return std::nullopt;
  text.remove_prefix(redirect_uri.size());
  const char next = redirect_uri.find('?') == redirect_uri.npos ? '?' : '&'; // one that has a query goes on with it
  if (text.empty() || text.front() != next) return std::nullopt;
  return text.substr(1);
}

} // namespace

plugboard::Result<Callback> read_callback(std::string_view text, std::string_view redirect_uri) {
  if (text.size() > kMostCallback) return rejected("is longer than 16 KiB");
  const auto query = query_of(text, redirect_uri);
  if (!query) return rejected("did not come back to the redirect URI that this login began with");
  Callback callback;
  const std::pair<std::string_view, std::string*> known[] = {
      {"code", &callback.code}, {"state", &callback.state}, {"iss", &callback.issuer}, {"error", &callback.error}};
  for (std::string_view rest = *query; !rest.empty();) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const auto name = decoded(pair.substr(0, pair.find('=')));
    auto value = decoded(pair.find('=') == pair.npos ? std::string_view() : pair.substr(pair.find('=') + 1));
    if (!name || !value) return rejected("is not form-encoded as a query must be");
    for (const auto& [wanted, place] : known) {
      if (*name != wanted) continue;
      if (!place->empty()) return rejected("has " + *name + " twice");
      if (value->empty()) return rejected("has " + *name + " without a value");
      *place = std::move(*value);
      break;
    }
  }
  return callback;
}

} // namespace oidc
