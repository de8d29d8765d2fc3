#include "core/audit/seal.hpp"

#include "core/audit/hexadecimal.hpp"
#include "core/json/writer.hpp"

namespace plugboard::audit {
namespace {

// What is signed says first what it is: one can never stand for the other.
std::string checkpoint_statement(const ChainEnd& before, std::string_view time) {
  return "plugboard audit checkpoint 1\n" + std::to_string(before.seq + 1) + "\n" + hex(before.hash) + "\n" +
         std::string(time);
}

std::string head_statement(const Head& head) {
  return "plugboard audit head 1\n" + std::to_string(head.before.seq) + "\n" + hex(head.before.hash) + "\n" +
         std::to_string(head.end.seq) + "\n" + hex(head.end.hash) + "\n" + head.time;
}

void write_end(json::Writer& writer, std::string_view name, const ChainEnd& end) {
  writer.key(name).begin_object();
  writer.member("seq", static_cast<std::size_t>(end.seq)).member("hash", hex(end.hash)).end_object();
}

std::optional<ChainEnd> read_end(json::Value from) {
  const auto seq = from["seq"].integer();
  const auto hash = digest_from_hex(from["hash"].string().value_or(""));
  if (!seq || *seq < 0 || !hash) return std::nullopt;
  return ChainEnd{static_cast<std::uint64_t>(*seq), *hash};
}

} // namespace

Signer signer_of(const std::string& key_id, const Secret& hub_key) {
  const auto digest = hmac_sha256(hub_key, "plugboard audit signing key 1");
  return {key_id, SigningKey(Secret(std::string(digest.begin(), digest.end())))};
}

std::string checkpoint_members(const Signer& signer, const ChainEnd& end, std::string_view time) {
  std::string members = ",\"key\":";
  json::append_escaped(members, signer.key_id);
  members += ",\"public_key\":\"" + to_hex(signer.key.public_key()) + "\",\"signature\":\"" +
             to_hex(signer.key.sign(checkpoint_statement(end, time))) + "\"";
  return members;
}

bool is_checkpoint_signed(const Signature& signature, const ChainEnd& before, std::string_view time) {
  return is_signed_by(signature.public_key, checkpoint_statement(before, time), signature.bytes);
}

Result<Signature> read_signature(json::Value from) {
  const auto key = from["key"].string();
  const auto public_key = from_hex(from["public_key"].string().value_or("?"));
  const auto bytes = from_hex(from["signature"].string().value_or("?"));
  if (!key || !public_key || !bytes) return fail(Code::malformed, "has no signature that can be read", "audit");
  return Signature{std::string(*key), *public_key, *bytes};
}

std::string write_head(const Signer& signer, Head head) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  write_end(writer, "before", head.before);
  write_end(writer, "end", head.end);
  writer.member("time", head.time).member("key", signer.key_id);
  writer.member("public_key", to_hex(signer.key.public_key()));
  writer.member("signature", to_hex(signer.key.sign(head_statement(head))));
  writer.end_object();
  text += '\n';
  return text;
}

Result<Head> read_head(json::Reader& reader, std::string_view text) {
  const auto broken = fail(Code::malformed, std::string(kHeadFile) + " is not what the hub writes", "audit");
  const auto root = reader.read(text);
  if (!root) return broken;
  const auto before = read_end((*root)["before"]), end = read_end((*root)["end"]);
  const auto time = (*root)["time"].string();
  auto signature = read_signature(*root);
  if (!before || !end || !time || !signature) return broken;
  return Head{*before, *end, std::string(*time), std::move(*signature)};
}

bool is_head_signed(const Head& head) {
  return is_signed_by(head.signature.public_key, head_statement(head), head.signature.bytes);
}

} // namespace plugboard::audit
