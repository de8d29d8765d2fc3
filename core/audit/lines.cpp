#include "core/audit/lines.hpp"

#include "core/audit/chain.hpp"

#include <algorithm>
#include <charconv>

namespace plugboard::audit {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;
constexpr std::string_view kSuffix = ".jsonl";
constexpr std::size_t kDigits = 20; // of the largest number

} // namespace

Result<std::optional<std::string_view>> Lines::next() {
  for (;;) {
    const auto newline = held_.find('\n', std::max(used_, searched_));
    if (newline != std::string::npos) {
      const auto line = std::string_view(held_).substr(used_, newline - used_);
      at_ = next_;
      next_ += line.size() + 1;
      used_ = searched_ = newline + 1;
      return std::optional(line);
    }
    searched_ = held_.size();
    if (held_.size() - used_ > kLongestLine)
      return fail(Code::malformed, name_ + " has a line that is longer than any record", "audit");
    if (read_to_ >= end_) return std::optional<std::string_view>();
    auto piece =
        folder_.read(name_, read_to_, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, end_ - read_to_)));
    if (!piece) return piece.error();
    if (piece->empty()) end_ = read_to_;
    read_to_ += piece->size();
    held_.erase(0, used_);
    searched_ -= used_;
    used_ = 0;
    held_ += *piece;
  }
}

std::string segment_name(std::uint64_t first_seq) {
  const auto digits = std::to_string(first_seq);
  return std::string(kDigits - digits.size(), '0') + digits + std::string(kSuffix);
}

std::optional<std::uint64_t> first_seq_of(std::string_view name) {
  if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  std::uint64_t seq = 0;
  const auto* end = name.data() + kDigits;
  const auto read = std::from_chars(name.data(), end, seq);
  if (read.ec != std::errc() || read.ptr != end || seq == 0) return std::nullopt;
  return seq;
}

Result<std::vector<std::string>> list_segments(Folder& folder) {
  auto names = folder.list();
  if (names) std::erase_if(*names, [](const auto& name) { return !first_seq_of(name); });
  return names;
}

} // namespace plugboard::audit
