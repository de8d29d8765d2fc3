#include "core/session/moment.hpp"

#include <algorithm>

namespace plugboard::session {

bool has_ended_proof(const Session& session, Moment now) {
  const auto& proofs = session.authentications;
  return proofs.size() > 1 &&
         std::any_of(proofs.begin() + 1, proofs.end(), [&](const Authentication& one) { return is_over(one, now); });
}

void drop_ended_proofs(Session& session, Moment now) {
  if (!has_ended_proof(session, now)) return;
  auto& proofs = session.authentications;
  proofs.erase(std::remove_if(proofs.begin() + 1, proofs.end(), [&](const auto& one) { return is_over(one, now); }),
               proofs.end());
}

} // namespace plugboard::session
