#include "core/wire/reply.hpp"

#include "core/wire/abi_text.hpp"

#include <algorithm>

namespace plugboard::wire {
namespace {

constexpr std::size_t kMostIdentifierText = 8 * 1024; // far over what examine.hpp lets pass, near enough to copy

std::string copy_identifiers(const plugboard_reply& raw, std::vector<Identifier>& out) { // "" or what is wrong
  if (raw.identifier_count == 0) return {};
  if (raw.identifiers == nullptr) return "it counts identifiers but points to none";
  if (raw.identifier_count > kMostYields) return "it holds more than " + std::to_string(kMostYields) + " identifiers";
  for (std::size_t i = 0; i < raw.identifier_count; ++i) {
    const plugboard_identifier& one = raw.identifiers[i];
    if (!is_readable(one.type) || !is_readable(one.value)) return "an identifier has a size but no text";
    if (one.type.size > kMostIdentifierText || one.value.size > kMostIdentifierText) return "an identifier is too long";
    out.push_back({std::string(view(one.type)), std::string(view(one.value)), one.verified != 0, {}});
  }
  return {};
}

} // namespace

Duration bounded_retry_after(std::int64_t nanoseconds) {
  return Duration(std::clamp<std::int64_t>(nanoseconds, 0, 86'400'000'000'000));
}

Reply copy_reply(const plugboard_reply* raw, std::size_t max_reply_bytes) {
  std::string_view data;
  Reply reply = copy_reply(raw, max_reply_bytes, data);
  reply.data = data;
  return reply;
}

Reply copy_reply(const plugboard_reply* raw, std::size_t max_reply_bytes, std::string_view& data) {
  Reply reply;
  data = {};
  plugboard_reply read;
  if (!read_struct(raw, offsetof(plugboard_reply, data), read)) {
    reply.garbage = raw == nullptr ? "the reply is null" : "the reply is no plugboard_reply, or is too short";
    return reply;
  }
  reply.status = read.status;
  reply.verbatim = (read.flags & PLUGBOARD_REPLY_VERBATIM) != 0;
  reply.retry_after = bounded_retry_after(read.retry_after_ns);
  if (!is_readable(read.data) || !is_readable(read.message)) {
    reply.garbage = "a text of the reply has a size but no bytes";
    return reply;
  }
  reply.message = view(read.message).substr(0, kMostMessage);
  if (read.data.size > max_reply_bytes) {
    reply.too_large = true;
    return reply;
  }
  reply.garbage = copy_identifiers(read, reply.identifiers);
  data = view(read.data);
  return reply;
}

} // namespace plugboard::wire
