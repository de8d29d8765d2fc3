#include "core/connector/examine.hpp"

#include <utility>

namespace plugboard::connector {

// Its words are all there is to it: what else comes is left unread.
HealthAnswer examine_health(Reply reply) {
  HealthAnswer answer;
  answer.offered = reply.verdict || !reply.garbage.empty() || reply.status != PLUGBOARD_UNSUPPORTED;
  answer.outcome = outcome_of(reply, true);
  answer.message = std::move(reply.message);
  return answer;
}

} // namespace plugboard::connector
