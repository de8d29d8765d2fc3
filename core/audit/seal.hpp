// What the hub signs: checkpoints, which are records of the chain, and the head, a file beside the segments that says
// from where to where the chain goes, so that nobody can cut it short at either end unseen. Values.
#pragma once

#include "core/audit/chain.hpp"
#include "core/base/ed25519.hpp"
#include "core/base/result.hpp"
#include "core/json/reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::audit {

inline constexpr const char* kHeadFile = "head.json";

struct Signer {
  std::string key_id; // of the hub's key that it is derived from: "k1"
  SigningKey key;
};

// The signing key that goes with one of the hub's keys.
Signer signer_of(const std::string& key_id, const Secret& hub_key);

struct Signature {
  std::string key_id, public_key, bytes; // raw, not hexadecimal
};

struct Head {
  ChainEnd before; // the record before the first that there is: of the chain's very beginning, or of what was retired
  ChainEnd end;    // the newest checkpoint
  std::string time;
  Signature signature{};
};

// The members of a checkpoint that follows on `end`.
std::string checkpoint_members(const Signer& signer, const ChainEnd& end, std::string_view time);
bool is_checkpoint_signed(const Signature& signature, const ChainEnd& before, std::string_view time);
Result<Signature> read_signature(json::Value from);

std::string write_head(const Signer& signer, Head head);
Result<Head> read_head(json::Reader& reader, std::string_view text); // its signature is not checked
bool is_head_signed(const Head& head);

} // namespace plugboard::audit
