#include "core/api/session_page.hpp"

#include "core/context/payload.hpp"
#include "core/json/writer.hpp"

namespace plugboard::api {

std::string session_page(const session::Session& session, WallTime now, std::string_view token) {
  std::string body, customer;
  context::append_customer(customer, session.customer, session.identifiers);
  json::Writer writer(body);
  writer.begin_object();
  if (token.empty())
    writer.member("active", true);
  else
    writer.member("session", token);
  writer.member("id", session.id);
  writer.key("customer").raw(customer);
  const Assurance assurance = session.assurance_at(now);
  writer.member("assurance", name_of(assurance));
  writer.key("methods").begin_array();
  for (const auto& method : session.methods_at(now)) writer.value(method);
  writer.end_array();
  writer.member("authenticated_at", rfc3339(session.proved_at(assurance, now).value_or(session.created_at)));
  writer.member("expires_at", rfc3339(session.expires_at));
  writer.end_object();
  return body;
}

std::string challenge_page(std::string_view token, std::string_view challenge, WallTime expires_at) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("continue", token).key("challenge").raw(challenge);
  writer.member("expires_at", rfc3339(expires_at)).end_object();
  return body;
}

std::string handoff_page(const session::HandedOff& handed) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("code", handed.code.reveal());
  writer.member("expires_at", rfc3339(handed.expires_at)).end_object();
  return body;
}

session::Proved proved_from(connector::Proof proof, std::string tenant, WallTime now) {
  session::Proved proved;
  proved.tenant = std::move(tenant);
  proved.issuer = std::move(proof.issuer);
  proved.subject = std::move(proof.subject);
  proved.assurance = parse_assurance(proof.assurance).value_or(Assurance::none);
  proved.methods = std::move(proof.methods);
  proved.authenticated_at = std::min(now, WallTime(std::chrono::seconds(proof.authenticated_at)));
  if (proof.expires_at) proved.expires_at = WallTime(std::chrono::seconds(*proof.expires_at));
  proved.identifiers = std::move(proof.identifiers);
  proved.upstream_session = std::move(proof.session);
  return proved;
}

} // namespace plugboard::api
