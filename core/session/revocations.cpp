#include "core/session/revocations.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

namespace plugboard::session {

Revocations::Revocations(std::uint64_t base, std::vector<NumberedRevocation> stored) : last_(base) {
  for (NumberedRevocation& one : stored) enter(std::move(one));
}

Revocations::Name Revocations::name_of(const Revocation& what) {
  if (!what.session.empty()) return {By::session, what.tenant, what.session, {}};
  if (!what.upstream_session.empty()) return {By::upstream_session, what.tenant, what.issuer, what.upstream_session};
  if (!what.subject.empty()) return {By::subject, what.tenant, what.issuer, what.subject};
  if (!what.customer.empty()) return {By::customer, what.tenant, what.customer, {}};
  if (!what.client.empty()) return {By::client, what.tenant, what.client, {}};
  if (!what.channel.empty()) return {By::channel, what.tenant, what.channel, {}};
  if (!what.key_id.empty()) return {By::key, what.tenant, what.key_id, {}};
  return {By::tenant, what.tenant, {}, {}};
}

void Revocations::enter(NumberedRevocation revocation) {
  auto& same_name = revocations_[name_of(revocation.what)];
  std::erase_if(same_name, [&](const auto& other) { return other.what == revocation.what; }); // the later ends more
  same_name.push_back(std::move(revocation));
}

NumberedRevocation Revocations::add(Revocation revocation) {
  const std::unique_lock lock(mutex_);
  NumberedRevocation numbered{last_ + 1, std::move(revocation)};
  enter(numbered);
  last_ = numbered.number; // after it is entered: what is issued under it need not fear it
  return numbered;
}

bool Revocations::ends(const Name& name, const Session& session, const Token& token) const {
  const auto found = revocations_.find(name);
  if (found == revocations_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const NumberedRevocation& one) {
    const std::uint64_t under = one.what.is_of_tokens() ? token.issued_under : session.begun_under;
    return under < one.number && covers(one.what, session, token);
  });
}

bool Revocations::has_ended(const Session& session, const Token& token) const {
  const std::shared_lock lock(mutex_);
  if (revocations_.empty()) return false;
  for (const std::string& tenant : std::array<std::string, 2>{session.tenant, "*"}) {
    for (const Name& name :
         {Name{By::session, tenant, session.id, {}}, Name{By::customer, tenant, session.customer, {}},
          Name{By::client, tenant, token.client, {}}, Name{By::channel, tenant, token.channel, {}},
          Name{By::key, tenant, token.key_id, {}}, Name{By::tenant, tenant, {}, {}}})
      if (ends(name, session, token)) return true;
    for (const Authentication& one : session.authentications) {
      if (ends({By::subject, tenant, one.issuer, one.subject}, session, token)) return true;
      if (ends({By::upstream_session, tenant, one.issuer, one.upstream_session}, session, token)) return true;
    }
  }
  return false;
}

bool Revocations::has_ended(const Access& access) const {
  const std::uint64_t last = last_; // before the look: one that comes during it is looked for the next time
  if (access.judged.under.load() == last) return false;
  if (has_ended(access.session, access.token)) return true;
  access.judged.under = last;
  return false;
}

void Revocations::drop(std::uint64_t up_to) {
  const std::unique_lock lock(mutex_);
  for (auto& [name, list] : revocations_)
    std::erase_if(list, [&](const NumberedRevocation& one) { return one.number <= up_to; });
  std::erase_if(revocations_, [](const auto& item) { return item.second.empty(); });
}

std::size_t Revocations::size() const {
  const std::shared_lock lock(mutex_);
  std::size_t size = 0;
  for (const auto& [name, list] : revocations_) size += list.size();
  return size;
}

} // namespace plugboard::session
