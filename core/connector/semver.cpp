#include "core/connector/semver.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace plugboard::connector {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool has_leading_zero(std::string_view digits) {
  return digits.size() > 1 && digits.front() == '0';
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::vector<std::string_view> split(std::string_view text) { // at dots
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

bool read_number(std::string_view text, std::uint64_t& number) {
  if (!is_digits(text) || has_leading_zero(text)) return false;
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

// The part of `text` after `mark`, cut off it; none when the mark is not there.
std::optional<std::string_view> cut(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

std::strong_ordering compare_words(const std::string& a, const std::string& b) {
  const bool a_number = is_digits(a), b_number = is_digits(b);
  if (a_number && b_number && a.size() != b.size()) return a.size() <=> b.size();
  if (a_number != b_number) return a_number ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.compare(b) <=> 0;
}

} // namespace

std::optional<SemVer> SemVer::parse(std::string_view text) {
  SemVer version;
  if (const auto build = cut(text, '+')) {
    const auto words = split(*build);
    if (!std::all_of(words.begin(), words.end(), is_word)) return std::nullopt;
  }
  if (const auto prerelease = cut(text, '-')) {
    for (std::string_view word : split(*prerelease)) {
      if (!is_word(word) || (is_digits(word) && has_leading_zero(word))) return std::nullopt;
      version.prerelease.emplace_back(word);
    }
  }
  const auto numbers = split(text);
  if (numbers.size() != 3 || !read_number(numbers[0], version.major) || !read_number(numbers[1], version.minor) ||
      !read_number(numbers[2], version.patch))
    return std::nullopt;
  return version;
}

std::strong_ordering operator<=>(const SemVer& a, const SemVer& b) {
  if (const auto order = std::tie(a.major, a.minor, a.patch) <=> std::tie(b.major, b.minor, b.patch); order != 0)
    return order;
  if (a.prerelease.empty() != b.prerelease.empty())
    return a.prerelease.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  return std::lexicographical_compare_three_way(a.prerelease.begin(), a.prerelease.end(), b.prerelease.begin(),
                                                b.prerelease.end(), compare_words);
}

} // namespace plugboard::connector
