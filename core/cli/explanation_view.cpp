#include "core/cli/explanation_view.hpp"

#include "core/cli/context_view.hpp"

#include <algorithm>
#include <vector>

namespace plugboard::cli {

namespace {

constexpr std::size_t kWidest = 80, kNarrowestBar = 10;

std::string text_of(json::Value value) {
  return harmless(value.string().value_or(""));
}

void join(std::string& list, std::string_view separator, const std::string& item) {
  if (!list.empty()) list += separator;
  list += item;
}

std::string list_of(json::Value array) {
  std::string list;
  array.each_element([&](json::Value one) { join(list, ", ", text_of(one)); });
  return list;
}

// "email or phone, and customer_id (verified)"
std::string needs_of(json::Value section) {
  std::string all;
  section["needs"].each_element([&](json::Value group) {
    std::string any;
    group.each_element([&](json::Value need) {
      join(any, " or ", text_of(need["type"]) + (need["verified"].boolean().value_or(false) ? " (verified)" : ""));
    });
    join(all, ", and ", any);
  });
  return all.empty() ? "nothing" : all;
}

std::string yielder_of(json::Value awaited) {
  return awaited["section"] ? text_of(awaited["section"]) : "a section that this client may not see";
}

// One line for each that it waits for: "account_id from crm.contact", "its input contact from crm.contact".
std::vector<std::string> awaited_by(json::Value section) {
  std::vector<std::string> all;
  section["waits_for"].each_element(
      [&](json::Value one) { all.push_back(text_of(one["identifier"]) + " from " + yielder_of(one)); });
  section["inputs"].each_element([&](json::Value one) {
    const bool optional = one["optional"].boolean().value_or(false);
    all.push_back("its " + std::string(optional ? "optional " : "") + "input " + text_of(one["input"]) + " from " +
                  yielder_of(one));
  });
  return all;
}

std::string times(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// What happened on the way, and why; "" for nothing worth a word.
std::string happened_to(json::Value section) {
  const auto course = section["course"];
  if (!course) return section["status"].string().value_or("") == "denied" ? "" : "was never asked";
  std::string said;
  const auto by = course["by"].string().value_or("");
  if (by == "cache")
    join(said, ", ", "from the cache, " + milliseconds_text(course["age_ms"].number().value_or(0)) + " old");
  if (by == "shared_call") join(said, ", ", "shared the call of an equal question");
  if (const auto waited = course["waited_ms"].number().value_or(0); waited > 0)
    join(said, ", ", "limited: waited " + milliseconds_text(waited) + " for a place");
  if (const auto retries = course["retries"].integer().value_or(0); retries > 0)
    join(said, ", ", "retried " + times(retries, "time") + " after failures");
  if (const auto hedges = course["hedges"].integer().value_or(0); hedges > 0)
    join(said, ", ",
         "hedged " + times(hedges, "time") + " because it took long" +
             (course["hedge_answered"].boolean().value_or(false) ? ", and the hedge answered" : ""));
  return said;
}

// Breaks at spaces; every line but the first is indented.
std::string wrapped(const std::string& first, const std::string& text, std::size_t width) {
  const std::string indent(columns(first), ' ');
  std::string out, line = first;
  bool fresh = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto word = text.substr(at, end - at);
    if (!fresh && columns(line) + 1 + columns(word) > width) {
      out += line + "\n";
      line = indent;
      fresh = true;
    }
    line += (fresh ? "" : " ") + word;
    fresh = false;
    at = end + 1;
  }
  return out + line + "\n";
}

class View {
 public:
  View(json::Value explanation, const Terminal& terminal)
      : explanation_(explanation), terminal_(terminal), width_(std::min(terminal.width, kWidest)) {}

  std::string text() {
    head();
    out_ += "\n" + terminal_.paint(Colour::bold, "plan") + "\n";
    sections([this](const std::string& name, json::Value section) { plan(name, section); });
    out_ += "\n" + terminal_.paint(Colour::bold, "waterfall") + "\n";
    sections([this](const std::string& name, json::Value section) { waterfall(name, section); });
    return std::move(out_);
  }

 private:
  template <class Each>
  void sections(Each&& each) {
    explanation_["sections"].each_member(
        [&](std::string_view name, json::Value section) { each(harmless(name), section); });
  }

  void head() {
    const bool complete = explanation_["complete"].boolean().value_or(false);
    out_ += terminal_.paint(complete ? Colour::green : Colour::yellow, complete ? "complete" : "partial");
    out_ += ", " + text_of(explanation_["assurance"]) + ", " +
            milliseconds_text(explanation_["took_ms"].number().value_or(0)) + " of the " +
            milliseconds_text(explanation_["deadline_ms"].number().value_or(0)) + " allowed\n";
    if (explanation_["required_missing"].size() > 0)
      out_ += wrapped("missing though required: ", list_of(explanation_["required_missing"]), width_);
    const auto brought = list_of(explanation_["brought"]);
    out_ += wrapped("the session brings ", brought.empty() ? "no identifier" : brought, width_);
  }

  void plan(const std::string& name, json::Value section) {
    if (!section["needs"]) return; // it is not in the plan
    const bool asked = section["asked"].boolean().value_or(true);
    out_ += "  " + terminal_.paint(Colour::bold, name) +
            (asked                          ? ""
             : section["yields"].size() > 0 ? "  for what it yields"
                                            : "  for what is computed from it") +
            "\n";
    out_ += wrapped("    needs     ", needs_of(section), width_);
    for (const auto& one : awaited_by(section)) out_ += wrapped("    waits for ", one, width_);
    if (section["yields"].size() > 0) out_ += wrapped("    yields    ", list_of(section["yields"]), width_);
  }

  void waterfall(const std::string& name, json::Value section) {
    constexpr std::size_t kMostOfName = 32, kTime = 9;
    const auto name_width = std::min(longest_name(), kMostOfName);
    const auto status = section["status"].string().value_or("");
    out_ += "  " + terminal_.paint(colour_of(status), padded(name, name_width));
    if (const auto took = section["took_ms"].number()) {
      const auto used = 2 + std::max(name_width, columns(name)) + 2 + kTime + 1;
      const auto room = width_ > used + kNarrowestBar ? width_ - used : kNarrowestBar;
      out_ += "  " + padded(milliseconds_text(*took), kTime) + " " +
              terminal_.paint(colour_of(status), bar(section["started_ms"].number().value_or(0), *took,
                                                     explanation_["took_ms"].number().value_or(1), room));
    }
    out_ += "\n";
    auto said = outcome_text(section);
    if (const auto happened = happened_to(section); !happened.empty()) join(said, "; ", happened);
    out_ += wrapped("    ", said, width_);
  }

  std::size_t longest_name() {
    std::size_t longest = 8;
    sections([&](const std::string& name, json::Value) { longest = std::max(longest, columns(name)); });
    return longest;
  }

  json::Value explanation_;
  const Terminal& terminal_;
  const std::size_t width_;
  std::string out_;
};

} // namespace

std::string view_explanation(json::Value explanation, const Terminal& terminal) {
  return View(explanation, terminal).text();
}

} // namespace plugboard::cli
