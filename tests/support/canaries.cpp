#include "tests/support/canaries.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <set>

namespace plugboard::test {

namespace {

constexpr std::size_t kKey = 6;            // bytes of a pattern that it is looked up by
constexpr std::size_t kLeastFolded = 10;   // characters: fewer come together by chance where all else is left out
constexpr std::size_t kLeastDigits = 12;   // of nothing but digits: times stand in logs
constexpr std::size_t kFindingsAFile = 20; // one is enough

std::uint64_t key_of(const char* bytes) {
  std::uint64_t key = 0;
  std::memcpy(&key, bytes, kKey);
  return key;
}

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\\' && i + 1 < text.size() && std::string_view("nrt").find(text[i + 1]) != std::string_view::npos)
      ++i; // a line's end, escaped
    else if (std::isalnum(c) != 0)
      out += static_cast<char>(std::tolower(c));
  }
  return out;
}

std::string hex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
    out += two;
  }
  return out;
}

std::string each(std::string_view text, const char* format) {
  std::string out;
  for (const char c : text) {
    char one[8];
    std::snprintf(one, sizeof one, format, static_cast<unsigned char>(c));
    out += one;
  }
  return out;
}

std::string wide(std::string_view text, bool little) {
  std::string out;
  for (const char c : text) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

// What stands in base64 of any text that holds this one `before` bytes after a multiple of three: without the ends,
// which depend on what stands beside.
std::string base64_core(std::string_view text, std::size_t before) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto bytes = std::string(before, '\0') + std::string(text);
  std::string out;
  for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
    const auto at = [&](std::size_t n) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[i + n])); };
    const unsigned three = at(0) << 16U | at(1) << 8U | at(2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) out += kLetters[three >> shift & 63U];
  }
  return before == 0 ? out : out.substr(4);
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-._~").find(c) != std::string_view::npos)
      out += c;
    else
      out += each(std::string_view(&c, 1), "%%%02X");
  }
  return out;
}

bool is_base64url(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

} // namespace

bool is_worth_looking_for(std::string_view value) {
  return value.size() >= (is_digits(value) ? 9U : 7U);
}

CanaryScanner::CanaryScanner(const std::vector<Marked>& canaries) {
  std::set<std::string> seen;
  for (const auto& canary : canaries) {
    if (!is_worth_looking_for(canary.value) || !seen.insert(canary.value).second) continue;
    const auto index = canaries_.size();
    canaries_.push_back(canary);
    const auto& value = canary.value;
    const auto raw = [&](std::string bytes, const char* how) { add(raw_, raw_index_, std::move(bytes), index, how); };
    raw(value, "as it is");
    if (url_encoded(value) != value) raw(url_encoded(value), "with percent signs");
    raw(each(value, "%%%02X"), "all in percent signs");
    raw(each(value, "\\u%04x"), "in JSON escapes");
    raw(each(value, "\\u%04X"), "in JSON escapes");
    raw(wide(value, true), "in UTF-16");
    raw(wide(value, false), "in UTF-16");
    const auto fold = [&](std::string_view bytes, const char* how) {
      auto text = folded(bytes);
      if (text.size() >= (is_digits(text) ? kLeastDigits : kLeastFolded))
        add(folded_, folded_index_, std::move(text), index, how);
    };
    fold(value, "in other capitals, wrapped or with separators");
    fold(hex(value), "in hexadecimal");
    for (std::size_t before = 0; before < 3; ++before) fold(base64_core(value, before), "in base64");
  }
}

void CanaryScanner::add(std::vector<Pattern>& into, Index& index, std::string bytes, std::size_t canary,
                        const char* how) const {
  if (bytes.size() < kKey) return;
  index.emplace(key_of(bytes.data()), into.size());
  into.push_back({std::move(bytes), canary, how});
}

void CanaryScanner::look(std::string_view bytes, const std::vector<Pattern>& patterns, const Index& index,
                         const std::string& where, bool in_store, std::set<std::size_t>& found,
                         std::vector<Finding>& findings) const {
  for (std::size_t at = 0; at + kKey <= bytes.size() && found.size() < kFindingsAFile; ++at) {
    const auto [first, last] = index.equal_range(key_of(bytes.data() + at));
    for (auto candidate = first; candidate != last; ++candidate) {
      const auto& pattern = patterns[candidate->second];
      const auto& canary = canaries_[pattern.canary];
      if (in_store && canary.home == Marked::Home::store) continue;
      if (bytes.substr(at, pattern.bytes.size()) != pattern.bytes || !found.insert(pattern.canary).second) continue;
      findings.push_back({where, canary.name, pattern.how});
    }
  }
}

void CanaryScanner::scan(std::string_view bytes, const std::string& where, bool in_store,
                         std::vector<Finding>& findings) const {
  std::set<std::size_t> found;
  look(bytes, raw_, raw_index_, where, in_store, found, findings);
  look(folded(bytes), folded_, folded_index_, where, in_store, found, findings);
  constexpr std::size_t kToken = 43; // characters of 256 random bits
  for (std::size_t at = bytes.find("pb"); at != std::string_view::npos; at = bytes.find("pb", at + 1)) {
    if (at + 4 + kToken > bytes.size() || bytes[at + 3] != '_') continue;
    const auto rest = bytes.substr(at + 4, kToken);
    if (!std::all_of(rest.begin(), rest.end(), is_base64url)) continue;
    findings.push_back({where, "a token of the hub's making, " + std::string(bytes.substr(at, 4)) + "…", "as it is"});
    break;
  }
}

} // namespace plugboard::test
