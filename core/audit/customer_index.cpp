#include "core/audit/customer_index.hpp"

#include "core/audit/lines.hpp"
#include "core/base/crypto.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::audit {
namespace {

constexpr std::string_view kMagic = "PBAUDIX1";
constexpr std::size_t kNumber = 8, kEntry = 2 * kNumber, kSum = 4;

void put(std::string& out, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::uint64_t get(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::uint64_t hash_of(std::string_view customer) {
  const auto digest = sha256(customer);
  return get({reinterpret_cast<const char*>(digest.data()), kNumber});
}

} // namespace

std::string index_name(const std::string& segment) {
  return segment + ".index";
}

std::string_view text_of_member(std::string_view record, std::string_view name) {
  const auto key = "\"" + std::string(name) + "\":\"";
  const auto at = record.find(key);
  if (at == std::string_view::npos) return {};
  const auto begin = at + key.size();
  return record.substr(begin, record.find('"', begin) - begin);
}

Result<void> make_index(Folder& folder, const std::string& segment) {
  const auto size = folder.size(segment);
  if (!size) return size.error();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> entries;
  Lines lines(folder, segment, 0, *size);
  for (;;) {
    const auto line = lines.next();
    if (!line) return line.error();
    if (!*line) break;
    const auto customer = text_of_member(**line, "customer");
    if (!customer.empty()) entries.emplace_back(hash_of(customer), lines.at());
  }
  std::sort(entries.begin(), entries.end());
  std::string bytes(kMagic);
  bytes.reserve(kMagic.size() + entries.size() * kEntry + kSum);
  for (const auto& [hash, at] : entries) {
    put(bytes, hash, kNumber);
    put(bytes, at, kNumber);
  }
  put(bytes, crc32(bytes), kSum);
  return folder.replace(index_name(segment), bytes);
}

Result<std::vector<std::uint64_t>> look_up(Folder& folder, const std::string& segment, std::string_view customer) {
  const auto name = index_name(segment);
  const auto size = folder.size(name);
  if (!size) return size.error();
  const auto bytes = folder.read(name, 0, static_cast<std::size_t>(*size));
  if (!bytes) return bytes.error();
  const std::string_view all = *bytes;
  if (!all.starts_with(kMagic) || all.size() < kMagic.size() + kSum ||
      (all.size() - kMagic.size() - kSum) % kEntry != 0 ||
      get(all.substr(all.size() - kSum)) != crc32(all.substr(0, all.size() - kSum)))
    return fail(Code::malformed, name + " is damaged", "audit");
  const auto entries = all.substr(kMagic.size(), all.size() - kMagic.size() - kSum);
  const auto hash_at = [&](std::size_t i) { return get(entries.substr(i * kEntry, kNumber)); };
  const auto wanted = hash_of(customer);
  std::size_t low = 0, high = entries.size() / kEntry;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (hash_at(middle) < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  std::vector<std::uint64_t> offsets;
  for (; low < entries.size() / kEntry && hash_at(low) == wanted; ++low)
    offsets.push_back(get(entries.substr(low * kEntry + kNumber, kNumber)));
  return offsets;
}

} // namespace plugboard::audit
