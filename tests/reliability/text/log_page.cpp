#include "tests/reliability/text/log_page.hpp"

#include "core/json/reader.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace plugboard::test {
namespace {

constexpr std::string_view kNeverRaw[] = {"\u0085", "\u009b", "\u2028", "\u2029", "\u202e", "\u2066"};

std::string fault_of(const std::string& line, json::Reader& reader) {
  for (const char c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') return "a control character, raw";
  for (const auto piece : kNeverRaw)
    if (line.find(piece) != std::string::npos) return "a character that breaks or turns a line, raw";
  const auto value = reader.read(line); // also refuses a name twice
  if (!value || !value->is_object()) return "no strict JSON object";
  std::vector<std::string> names;
  value->each_member([&](std::string_view name, json::Value) { names.emplace_back(name); });
  if (names.size() < 3 || names[0] != "time" || names[1] != "level" || names[2] != "event") return "another beginning";
  static const std::regex kWords("[a-z_]+(\\.[a-z_]+)+");
  static const std::set<std::string_view> kLevels{"trace", "debug", "info", "warn", "error"};
  const auto event = (*value)["event"].string(), level = (*value)["level"].string();
  if (!event || !std::regex_match(std::string(*event), kWords)) return "an event that the hub does not write";
  return level && kLevels.contains(*level) ? "" : "a level that there is not";
}

class MetricsLine { // NAME{LABEL="VALUE",…} NUMBER
 public:
  explicit MetricsLine(std::string_view text) : left_(text) {}

  bool sound() {
    if (!word()) return false;
    if (take('{') && !labels()) return false;
    if (!take(' ')) return false;
    static const std::regex kNumber("[-+]?([0-9.]+(e[-+]?[0-9]+)?|Inf)|Nan|NaN");
    return std::regex_match(std::string(left_), kNumber);
  }

 private:
  bool take(char c) {
    if (!left_.starts_with(c)) return false;
    left_.remove_prefix(1);
    return true;
  }

  bool word() {
    const auto end = left_.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");
    if (end == 0) return false;
    left_.remove_prefix(std::min(end, left_.size()));
    return true;
  }

  bool value() {
    if (!take('"')) return false;
    while (!left_.empty() && left_.front() != '"') {
      if (take('\\') && (left_.empty() || std::string_view("\\\"n").find(left_.front()) == std::string_view::npos))
        return false;
      left_.remove_prefix(1);
    }
    return take('"');
  }

  bool labels() {
    do {
      if (!word() || !take('=') || !value()) return false;
    } while (take(','));
    return take('}');
  }

  std::string_view left_;
};

template <class F>
void each_line(const std::string& text, F&& f) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    f(text.substr(at, end - at));
    at = end + 1;
  }
}

} // namespace

LogPage read_log(const std::string& log) {
  LogPage page;
  json::Reader reader;
  if (!log.empty() && log.back() != '\n') page.faults.push_back("it does not end with a whole line");
  each_line(log, [&](const std::string& line) {
    const auto fault = fault_of(line, reader);
    if (fault.empty())
      page.events.push_back(Json::parse(line));
    else
      page.faults.push_back(fault + ": " + line.substr(0, 300));
  });
  return page;
}

MetricsPage read_metrics(const std::string& page) {
  MetricsPage read;
  std::set<std::string> seen;
  static const std::regex kComment("# (HELP [a-zA-Z0-9_:]+ .*|TYPE [a-zA-Z0-9_:]+ (counter|gauge|histogram|summary))");
  each_line(page, [&](const std::string& line) {
    if (line.starts_with('#')) {
      if (!std::regex_match(line, kComment)) read.fault = "a comment that is none: " + line;
      return;
    }
    ++read.series;
    if (!MetricsLine(line).sound()) read.fault = "no sample: " + line;
    if (!seen.insert(line.substr(0, line.rfind(' '))).second) read.fault = "a series twice: " + line;
  });
  if (read.series == 0) read.fault = "no series at all";
  return read;
}

} // namespace plugboard::test
