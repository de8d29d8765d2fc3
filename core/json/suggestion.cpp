#include "core/json/suggestion.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <numeric>

namespace plugboard::json {
namespace {

constexpr std::size_t kLongestName = 64; // a longer one is no slip, and comparing is quadratic
constexpr std::size_t kFewNames = 8;

// Edit distance in which swapping two neighbours counts once, as fingers do.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last.swap(row);
  }
  return last.back();
}

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

} // namespace

std::optional<std::string_view> nearest(std::string_view wrong, const std::vector<std::string_view>& known) {
  if (wrong.size() > kLongestName) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t allowed = wrong.size() <= 2 ? 1 : std::max<std::size_t>(2, wrong.size() / 3);
  for (const std::string_view name : known) {
    if (name.size() > kLongestName) continue;
    const std::size_t steps = distance(wrong, name);
    if (steps > allowed || steps >= std::max(wrong.size(), name.size())) continue;
    if (best && steps == allowed) continue;
    best = name;
    allowed = steps;
  }
  return best;
}

std::string unknown_member(std::string_view wrong, const std::vector<std::string_view>& known) {
  std::string message = "unknown member " + quoted(wrong.substr(0, kLongestName));
  if (const auto meant = nearest(wrong, known)) return message + "; did you mean " + quoted(*meant) + "?";
  if (known.empty() || known.size() > kFewNames) return message;
  message += "; known here:";
  for (const std::string_view name : known) message.append(name == known.front() ? " " : ", ").append(quoted(name));
  return message;
}

} // namespace plugboard::json
