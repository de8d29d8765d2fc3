#include "core/session/revocation.hpp"

#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

#include <algorithm>
#include <array>

namespace plugboard::session {
namespace {

struct Member {
  std::string_view name;
  std::string Revocation::*text;
};

constexpr std::array<Member, 9> kMembers{{{"tenant", &Revocation::tenant},
                                          {"session", &Revocation::session},
                                          {"customer", &Revocation::customer},
                                          {"issuer", &Revocation::issuer},
                                          {"subject", &Revocation::subject},
                                          {"upstream_session", &Revocation::upstream_session},
                                          {"client", &Revocation::client},
                                          {"channel", &Revocation::channel},
                                          {"key_id", &Revocation::key_id}}};

bool fits(const std::string& wanted, const std::string& there) {
  return wanted.empty() || wanted == there;
}

} // namespace

Result<void> judge(const Revocation& revocation, WallTime now) {
  const auto refuse = [](std::string_view why, std::string_view member) {
    return fail(Code::invalid_argument, std::string(why), std::string(member));
  };
  if (revocation.tenant.empty()) return refuse("must name a tenant, or \"*\" for all of them", "tenant");
  const bool names_proof = !revocation.subject.empty() || !revocation.upstream_session.empty();
  if (!revocation.issuer.empty() && !names_proof)
    return refuse("needs a subject or the issuer's session beside it", "issuer");
  if (revocation.issuer.empty() && names_proof) return refuse("must say whose subject or session it is", "issuer");
  if (revocation.before && *revocation.before > now) return refuse("must not be later than now", "before");
  return {};
}

bool covers(const Revocation& revocation, const Session& session, const Token& token) {
  if (revocation.tenant != "*" && revocation.tenant != session.tenant) return false;
  if (!fits(revocation.session, session.id) || !fits(revocation.customer, session.customer)) return false;
  if (!fits(revocation.client, token.client) || !fits(revocation.channel, token.channel)) return false;
  if (!fits(revocation.key_id, token.key_id)) return false;
  if (revocation.before && (revocation.is_of_tokens() ? token.issued_at : session.created_at) >= *revocation.before)
    return false;
  if (revocation.issuer.empty()) return true;
  return std::any_of(session.authentications.begin(), session.authentications.end(), [&](const Authentication& one) {
    return one.issuer == revocation.issuer && fits(revocation.subject, one.subject) &&
           fits(revocation.upstream_session, one.upstream_session);
  });
}

std::string to_json(const Revocation& revocation) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  for (const auto& [name, text] : kMembers)
    if (!(revocation.*text).empty()) writer.member(name, revocation.*text);
  if (revocation.before) writer.member("before", std::int64_t{revocation.before->time_since_epoch().count()});
  writer.end_object();
  return out;
}

Result<Revocation> revocation_of(std::string_view json) {
  json::Reader reader;
  const auto value = reader.read(json);
  if (!value || !value->is_object()) return fail(Code::malformed, "a revocation in the store is no object", "store");
  Revocation revocation;
  for (const auto& [name, text] : kMembers) revocation.*text = (*value)[name].string().value_or("");
  if (const auto before = (*value)["before"].integer()) revocation.before = WallTime(Duration(*before));
  if (revocation.tenant.empty()) return fail(Code::malformed, "a revocation in the store has no tenant", "store");
  return revocation;
}

} // namespace plugboard::session
