#include "core/audit/verifier.hpp"

#include "core/audit/hexadecimal.hpp"

namespace plugboard::audit {
namespace {

Error broken(std::string message) {
  return fail(Code::malformed, std::move(message), "audit");
}

std::string record_named(std::uint64_t seq) {
  return "record " + std::to_string(seq);
}

} // namespace

Result<RecordHead> read_record_head(json::Value record) {
  const auto seq = record["seq"].integer();
  const auto prev = digest_from_hex(record["prev"].string().value_or(""));
  const auto time = record["time"].string(), kind = record["kind"].string();
  if (!seq || *seq <= 0 || !prev || !time || !kind) return broken("is no record");
  return RecordHead{static_cast<std::uint64_t>(*seq), *prev, *time, *kind};
}

Result<void> Verifier::expect(const Head& head) {
  if (const auto signer = known(head.signature, kHeadFile); !signer) return signer;
  if (!is_head_signed(head)) return broken(std::string(kHeadFile) + " was changed: its signature does not fit");
  head_ = head;
  return {};
}

Result<void> Verifier::record(json::Reader& reader, std::string_view line) {
  const auto expected = end_.seq + 1;
  const auto root = reader.read(line);
  const auto head = root ? read_record_head(*root) : Result<RecordHead>(root.error());
  if (!head) return broken(record_named(expected) + " is damaged: what stands in its place is no record");
  if (head->seq > expected)
    return broken(record_named(expected) + (head->seq == expected + 1 ? " is" : " and more are") +
                  " missing: " + record_named(head->seq) + " stands in its place");
  if (head->seq < expected)
    return broken(record_named(head->seq) + " stands where " + record_named(expected) + " must be");
  if (head->prev != end_.hash)
    return broken(record_named(expected) +
                  (expected == 1 ? " does not begin a chain"
                                 : " does not follow on " + record_named(expected - 1) + ": one of them was changed"));
  first_time_ = first_time_.empty() ? std::string(head->time) : first_time_;
  last_time_ = head->time;
  ++unsigned_;
  if (head->kind == "checkpoint")
    if (const auto sealed = checkpoint(*root, head->time); !sealed) return sealed;
  end_ = {expected, sha256(line)};
  ++records_;
  if (head_ && head_->end.seq == end_.seq && head_->end.hash != end_.hash)
    return broken(record_named(expected) + " was changed: it is not the one that " + kHeadFile + " names");
  return {};
}

Result<void> Verifier::checkpoint(json::Value record, std::string_view time) {
  const auto name = record_named(end_.seq + 1);
  const auto signature = read_signature(record);
  if (!signature) return broken(name + ", a checkpoint, " + signature.error().message);
  if (const auto signer = known(*signature, name); !signer) return signer;
  if (!is_checkpoint_signed(*signature, end_, time))
    return broken(name + ", a checkpoint, was changed, or one before it: its signature does not fit");
  signed_by_.insert(signature->public_key);
  ++checkpoints_;
  unsigned_ = 0;
  return {};
}

Result<void> Verifier::known(const Signature& signature, const std::string& what) const {
  if (trusted_.empty() || trusted_.contains(signature.public_key)) return {};
  return broken(what + " is signed by the public key " + to_hex(signature.public_key) + " (of key \"" +
                signature.key_id +
                "\"), which is none of those given; if it is a former key of the hub's, give it too");
}

Result<void> Verifier::finish() const {
  if (!head_) {
    if (records_ == 0) return {};
    return broken(std::string(kHeadFile) + " is missing: nobody can tell whether records are missing at the ends");
  }
  if (end_.seq >= head_->end.seq) return {};
  return broken("records " + std::to_string(end_.seq + 1) + " to " + std::to_string(head_->end.seq) +
                ", at the end, are missing");
}

} // namespace plugboard::audit
