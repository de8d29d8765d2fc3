#include "core/cli/findings_view.hpp"

#include "core/json/writer.hpp"

namespace plugboard::cli {

std::string findings_as_json(std::string_view file, const std::vector<conformance::Finding>& findings) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("file", file).key("findings").begin_array();
  for (const auto& finding : findings) {
    writer.begin_object().member("rule", finding.rule);
    if (!finding.where.empty()) writer.member("where", finding.where);
    writer.member("seen", finding.seen).member("mend", conformance::rule(finding.rule).mend).end_object();
  }
  writer.end_array().end_object();
  return text;
}

std::string findings_as_text(std::string_view file, const std::vector<conformance::Finding>& findings,
                             const Terminal& terminal) {
  std::string text;
  for (const auto& finding : findings) {
    const auto& rule = conformance::rule(finding.rule);
    text += terminal.paint(Colour::red, rule.id) + "  " + std::string(rule.says) + "\n  seen: ";
    if (!finding.where.empty()) text += harmless(finding.where) + ": ";
    text += harmless(finding.seen) + "\n  mend: " + std::string(rule.mend) + "\n";
  }
  if (findings.empty()) return harmless(file) + ": " + terminal.paint(Colour::green, "nothing is wrong with it") + "\n";
  const std::string count = findings.size() == 1 ? "one finding" : std::to_string(findings.size()) + " findings";
  return text + harmless(file) + ": " + count + "\n";
}

} // namespace plugboard::cli
