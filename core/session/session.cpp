#include "core/session/session.hpp"

#include <algorithm>

namespace plugboard::session {

Assurance Session::assurance_at(WallTime now) const {
  Assurance best = Assurance::none;
  for (const auto& one : authentications)
    if (now < one.expires_at) best = std::max(best, one.assurance);
  return best;
}

std::optional<WallTime> Session::proved_at(Assurance least, WallTime now) const {
  std::optional<WallTime> last;
  for (const auto& one : authentications) {
    if (one.assurance < least || now >= one.expires_at) continue;
    if (!last || *last < one.at) last = one.at;
  }
  return last;
}

std::vector<std::string> Session::methods_at(WallTime now) const {
  std::vector<std::string> methods;
  for (const auto& one : authentications) {
    if (now >= one.expires_at) continue;
    for (const auto& method : one.methods)
      if (std::find(methods.begin(), methods.end(), method) == methods.end()) methods.push_back(method);
  }
  return methods;
}

} // namespace plugboard::session
