// Turns an answer into the ABI's reply and hands it to the hub, which copies it. Never throws: out of memory is an
// answer too. [any thread]
#pragma once

#include <plugboard/text.hpp>
#include <plugboard/types.hpp>

namespace plugboard::detail {

// The objects that abi.h documents at plugboard_reply.data for authenticate, logout and erase.
inline std::string proof_json(const Proof& proof) {
  std::string out = "{\"issuer\":";
  append_json_string(out, proof.issuer);
  out += ",\"subject\":";
  append_json_string(out, proof.subject);
  out += ",\"assurance\":";
  append_json_string(out, proof.assurance);
  out += ",\"methods\":[";
  for (const auto& method : proof.methods) {
    if (&method != &proof.methods.front()) out += ',';
    append_json_string(out, method);
  }
  out += "],\"authenticated_at\":" + std::to_string(proof.authenticated_at);
  if (proof.expires_at) out += ",\"expires_at\":" + std::to_string(*proof.expires_at);
  if (!proof.session.empty()) out += ",\"session\":" + json_string(proof.session);
  out += '}';
  return out;
}

inline std::string challenge_json(const Challenge& challenge) {
  return "{\"state\":" + json_string(challenge.state) + ",\"challenge\":" + challenge.challenge +
         ",\"expires_at\":" + std::to_string(challenge.expires_at) + "}";
}

inline std::string logged_out_json(const LoggedOut& logged_out) {
  std::string out = "{\"issuer\":" + json_string(logged_out.issuer);
  if (!logged_out.subject.empty()) out += ",\"subject\":" + json_string(logged_out.subject);
  if (!logged_out.session.empty()) out += ",\"session\":" + json_string(logged_out.session);
  return out + "}";
}

inline std::string erased_json(const Erased& erased) {
  std::string out = "{\"erased\":" + std::to_string(erased.records) + ",\"kept\":[";
  for (const auto& one : erased.kept) {
    if (&one != &erased.kept.front()) out += ',';
    out += "{\"what\":" + json_string(one.what) + ",\"why\":" + json_string(one.why) + "}";
  }
  return out + "]}";
}

inline std::vector<plugboard_identifier> raw_identifiers(const std::vector<Yield>& yields) {
  std::vector<plugboard_identifier> raw;
  raw.reserve(yields.size());
  for (const auto& yield : yields) raw.push_back({str(yield.type), str(yield.value), {}, yield.verified ? 1U : 0U, 0});
  return raw;
}

inline plugboard_reply reply_with(Status status) noexcept {
  plugboard_reply reply{};
  reply.p = PLUGBOARD_PREFIX(plugboard_reply);
  reply.status = static_cast<std::int32_t>(status);
  return reply;
}

inline void complete(const plugboard_host* host, plugboard_call* call, const Failure& failure) noexcept {
  plugboard_reply reply = reply_with(failure.status);
  reply.message = str(failure.message);
  reply.retry_after_ns = failure.retry_after.count();
  plugboard_identifier tried{};
  if (failure.tried) {
    tried = {str(failure.tried->type), str(failure.tried->value), {}, failure.tried->verified ? 1U : 0U, 0};
    reply.identifiers = &tried;
    reply.identifier_count = 1;
  }
  host->complete(host, call, &reply);
}

inline void complete_with(Status status, const plugboard_host* host, plugboard_call* call, std::string_view data,
                          const std::vector<Yield>& yields, bool verbatim = false) {
  auto identifiers = raw_identifiers(yields);
  plugboard_reply reply = reply_with(status);
  reply.flags = verbatim ? PLUGBOARD_REPLY_VERBATIM : 0;
  reply.data = str(data);
  reply.identifiers = identifiers.data();
  reply.identifier_count = identifiers.size();
  host->complete(host, call, &reply);
}

inline void complete_out_of_memory(const plugboard_host* host, plugboard_call* call) noexcept {
  plugboard_reply reply = reply_with(Status::internal);
  reply.message = str("no memory left to write the answer");
  host->complete(host, call, &reply);
}

inline void complete(const plugboard_host* host, plugboard_call* call, const Section& section) noexcept {
  try {
    complete_with(Status::ok, host, call, section.data, section.yields, section.verbatim);
  } catch (...) { // only an allocation can throw here, and only before the hub was called
    complete_out_of_memory(host, call);
  }
}

inline void complete(const plugboard_host* host, plugboard_call* call, const PassedOn& section) noexcept {
  plugboard_reply reply = reply_with(Status::ok);
  reply.flags = PLUGBOARD_REPLY_VERBATIM;
  reply.data = str(section.data);
  host->complete(host, call, &reply);
}

inline void complete(const plugboard_host* host, plugboard_call* call, const Proof& proof) noexcept {
  try {
    complete_with(Status::ok, host, call, proof_json(proof), proof.identifiers);
  } catch (...) {
    complete_out_of_memory(host, call);
  }
}

inline void complete(const plugboard_host* host, plugboard_call* call, const Challenge& challenge) noexcept {
  try {
    complete_with(Status::challenged, host, call, challenge_json(challenge), {});
  } catch (...) {
    complete_out_of_memory(host, call);
  }
}

inline void complete(const plugboard_host* host, plugboard_call* call, const Step& step) noexcept {
  if (const auto* proof = std::get_if<Proof>(&step)) return complete(host, call, *proof);
  complete(host, call, *std::get_if<Challenge>(&step)); // not std::get: that throws
}

inline void complete(const plugboard_host* host, plugboard_call* call, const LoggedOut& logged_out) noexcept {
  try {
    complete_with(Status::ok, host, call, logged_out_json(logged_out), {});
  } catch (...) {
    complete_out_of_memory(host, call);
  }
}

inline void complete(const plugboard_host* host, plugboard_call* call, const SubjectData& subject) noexcept {
  plugboard_reply reply = reply_with(Status::ok);
  reply.flags = subject.verbatim ? PLUGBOARD_REPLY_VERBATIM : 0;
  reply.data = str(subject.data);
  host->complete(host, call, &reply);
}

inline void complete(const plugboard_host* host, plugboard_call* call, const Erased& erased) noexcept {
  try {
    complete_with(Status::ok, host, call, erased_json(erased), {});
  } catch (...) {
    complete_out_of_memory(host, call);
  }
}

inline void complete(const plugboard_host* host, plugboard_call* call, const Healthy&) noexcept {
  const plugboard_reply reply = reply_with(Status::ok);
  host->complete(host, call, &reply);
}

} // namespace plugboard::detail
