#include "core/cli/findings_view.hpp"

#include "core/json/writer.hpp"

namespace plugboard::cli {
namespace {

using conformance::Finding;
using conformance::Trial;

void write_findings(json::Writer& writer, const std::vector<Finding>& findings) {
  writer.key("findings").begin_array();
  for (const auto& finding : findings) {
    writer.begin_object().member("rule", finding.rule);
    if (!finding.where.empty()) writer.member("where", finding.where);
    writer.member("seen", finding.seen).member("mend", conformance::rule(finding.rule).mend).end_object();
  }
  writer.end_array();
}

std::string paragraph(const Finding& finding, const Terminal& terminal) {
  const auto& rule = conformance::rule(finding.rule);
  std::string text = terminal.paint(Colour::red, rule.id) + "  " + std::string(rule.says) + "\n  seen: ";
  if (!finding.where.empty()) text += harmless(finding.where) + ": ";
  return text + harmless(finding.seen) + "\n  mend: " + std::string(rule.mend) + "\n";
}

std::string counted(std::size_t findings) {
  return findings == 1 ? "one finding" : std::to_string(findings) + " findings";
}

std::size_t count(const std::vector<Trial>& trials) {
  std::size_t all = 0;
  for (const auto& trial : trials) all += trial.findings.size();
  return all;
}

std::string xml(std::string_view text) {
  std::string safe;
  for (const char c : harmless(text)) {
    switch (c) {
    case '<':
      safe += "&lt;";
      break;
    case '>':
      safe += "&gt;";
      break;
    case '&':
      safe += "&amp;";
      break;
    case '"':
      safe += "&quot;";
      break;
    default:
      safe += c;
    }
  }
  return safe;
}

} // namespace

std::string findings_as_json(std::string_view file, const std::vector<Finding>& findings) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("file", file);
  write_findings(writer, findings);
  writer.end_object();
  return text;
}

std::string findings_as_text(std::string_view file, const std::vector<Finding>& findings, const Terminal& terminal) {
  std::string text;
  for (const auto& finding : findings) text += paragraph(finding, terminal);
  if (findings.empty()) return harmless(file) + ": " + terminal.paint(Colour::green, "nothing is wrong with it") + "\n";
  return text + harmless(file) + ": " + counted(findings.size()) + "\n";
}

std::string trials_as_json(std::string_view file, const std::vector<Trial>& trials) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("file", file).key("trials").begin_array();
  for (const auto& trial : trials) {
    writer.begin_object().member("name", trial.name).member("made", trial.made);
    write_findings(writer, trial.findings);
    writer.end_object();
  }
  writer.end_array().end_object();
  return text;
}

std::string trials_as_text(std::string_view file, const std::vector<Trial>& trials, const Terminal& terminal) {
  std::string text;
  for (const auto& trial : trials) {
    const bool held = trial.made && trial.findings.empty();
    text += held         ? terminal.paint(Colour::green, "holds ")
            : trial.made ? terminal.paint(Colour::red, "breaks")
                         : terminal.paint(Colour::dim, "not tried");
    text += "  " + std::string(trial.name) + "\n";
    for (const auto& finding : trial.findings) text += paragraph(finding, terminal);
  }
  const auto found = count(trials);
  return text + harmless(file) + ": " + (found == 0 ? "it keeps every rule" : counted(found)) + "\n";
}

std::string trials_as_junit(std::string_view file, const std::vector<Trial>& trials) {
  std::size_t broken = 0, skipped = 0;
  std::string cases;
  for (const auto& trial : trials) {
    cases += "  <testcase classname=\"conformance\" name=\"" + xml(trial.name) + "\">";
    broken += trial.findings.empty() ? 0 : 1;
    skipped += trial.made ? 0 : 1;
    if (!trial.made) cases += "<skipped/>";
    for (const auto& finding : trial.findings)
      cases += "\n    <failure type=\"" + std::string(finding.rule) + "\" message=\"" + xml(finding.seen) + "\">" +
               xml(conformance::rule(finding.rule).mend) + "</failure>";
    cases += "</testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" + xml(file) + "\" tests=\"" +
         std::to_string(trials.size()) + "\" failures=\"" + std::to_string(broken) + "\" skipped=\"" +
         std::to_string(skipped) + "\">\n" + cases + "</testsuite>\n";
}

} // namespace plugboard::cli
