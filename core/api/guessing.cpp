#include "core/api/guessing.hpp"

#include "core/api/problem.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

std::string subject_of(const Identifier& identifier) { // types have no space in them
  return identifier.type + " " + identifier.value;
}

} // namespace

std::string source_of(const http::Request& request, const std::string& said) {
  if (!said.empty()) return said;
  return request.peer ? request.peer->address : "";
}

void count_guess(session::BadTries& tries, const Attempt& attempt, const Identifier& tried, Instant now) {
  const auto subject = subject_of(tried);
  tries.count({attempt.tenant, attempt.connector, subject, attempt.source}, now);
}

std::optional<http::Response> too_many_guesses(const session::BadTries& tries, const Attempt& attempt,
                                               const std::vector<Identifier>& customer, Instant now) {
  Duration wait{};
  for (const auto& identifier : customer) {
    const auto subject = subject_of(identifier);
    wait = std::max(wait, tries.wait({attempt.tenant, attempt.connector, subject, attempt.source}, now));
  }
  if (wait <= Duration::zero()) return std::nullopt;
  return too_many("There were too many tries for this customer from there.",
                  std::chrono::ceil<std::chrono::seconds>(wait).count());
}

} // namespace plugboard::api
