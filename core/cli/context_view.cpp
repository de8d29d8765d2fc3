#include "core/cli/context_view.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace plugboard::cli {

namespace {

std::string text_of(json::Value value) {
  return harmless(value.string().value_or(""));
}

void append_data(std::string& out, json::Value value, const std::string& indent);

void append_scalar(std::string& out, json::Value value) {
  out += value.is_string() ? text_of(value) : harmless(json::to_text(value));
}

void append_member(std::string& out, const std::string& head, json::Value value, const std::string& indent) {
  out += indent + head;
  if ((value.is_object() || value.is_array()) && value.size() > 0) {
    out += "\n";
    append_data(out, value, indent + "  ");
  } else {
    out += " ";
    append_scalar(out, value);
    out += "\n";
  }
}

void append_data(std::string& out, json::Value value, const std::string& indent) {
  value.each_member(
      [&](std::string_view key, json::Value member) { append_member(out, harmless(key) + ":", member, indent); });
  value.each_element([&](json::Value element) { append_member(out, "-", element, indent); });
}

struct Widths {
  std::size_t name = 8, outcome = 8;
};

std::string waterfall(json::Value context, const Terminal& terminal) {
  Widths widths;
  context["sections"].each_member([&](std::string_view name, json::Value section) {
    widths.name = std::max(widths.name, columns(harmless(name)));
    widths.outcome = std::max(widths.outcome, columns(outcome_text(section)));
  });
  auto whole = context["took_ms"].number().value_or(1);
  auto used = widths.name + widths.outcome + 26;
  auto room = terminal.width > used + 10 ? std::min<std::size_t>(terminal.width - used, 40) : 10;
  std::string text;
  context["sections"].each_member([&](std::string_view name, json::Value section) {
    auto status = section["status"].string().value_or("");
    text += "  " + padded(harmless(name), widths.name) + "  " +
            terminal.paint(colour_of(status), padded(outcome_text(section), widths.outcome));
    if (auto took = section["took_ms"].number()) {
      auto age = section["age_ms"].integer().value_or(0);
      text += "  " + padded(milliseconds_text(*took), 9) + " " +
              padded(age ? "age " + milliseconds_text(static_cast<double>(age)) : "", 10);
      text += terminal.paint(colour_of(status), bar(section["started_ms"].number().value_or(0), *took, whole, room));
    }
    text += "\n";
  });
  return text;
}

} // namespace

std::string milliseconds_text(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, ms < 100 ? "%.1f ms" : "%.0f ms", ms);
  return text;
}

Colour colour_of(std::string_view status) {
  if (status == "ok") return Colour::green;
  if (status == "not_found" || status == "stale" || status == "skipped" || status == "step_up_required")
    return Colour::yellow;
  return Colour::red;
}

// Where this section ran within the whole: ······████████··
std::string bar(double start, double took, double whole, std::size_t width) {
  auto column = [&](double at) {
    return std::min(width,
                    static_cast<std::size_t>(std::lround(at / std::max(whole, 0.001) * static_cast<double>(width))));
  };
  auto from = std::min(column(start), width - 1), to = std::max(column(start + took), from + 1);
  std::string text;
  for (std::size_t i = 0; i < width; ++i) text += i >= from && i < to ? "█" : "·";
  return text;
}

std::string outcome_text(json::Value section) {
  auto outcome = text_of(section["status"]);
  auto error = section["error"];
  if (error)
    outcome += " (" + text_of(error["reason"]) + (error["detail"] ? ": " + text_of(error["detail"]) : "") + ")";
  if (section["challenge"]) outcome += " (needs " + text_of(section["challenge"]["acr_values"]) + ")";
  return outcome;
}

std::string view_customer(json::Value customer, const Terminal& terminal) {
  std::string text = terminal.paint(Colour::bold, "customer " + text_of(customer["id"])) + "\n";
  customer["identifiers"].each_element([&](json::Value identifier) {
    text += "  " + text_of(identifier["type"]) + " " + text_of(identifier["value"]);
    text += identifier["verified"].boolean().value_or(false) ? ", verified by " : ", said by ";
    text += text_of(identifier["source"]) + "\n";
  });
  return text;
}

std::string view_context(json::Value context, const Terminal& terminal, bool with_data) {
  auto text = view_customer(context["customer"], terminal);
  bool complete = context["complete"].boolean().value_or(false);
  text += terminal.paint(complete ? Colour::green : Colour::yellow, complete ? "complete" : "partial");
  text += ", " + text_of(context["assurance"]) + ", " + milliseconds_text(context["took_ms"].number().value_or(0));
  if (context["required_missing"].size() > 0) {
    text += ", missing though required:";
    context["required_missing"].each_element([&](json::Value name) { text += " " + text_of(name); });
  }
  text += "\n" + waterfall(context, terminal);
  context["conflicts"].each_element([&](json::Value conflict) {
    text += terminal.paint(Colour::yellow, "  " + text_of(conflict["kept"]) + " and " + text_of(conflict["ignored"]) +
                                               " disagree on " + text_of(conflict["type"]) + "; " +
                                               text_of(conflict["kept"]) + " counts") +
            "\n";
  });
  if (!with_data) return text;
  context["sections"].each_member([&](std::string_view name, json::Value section) {
    if (!section["data"]) return;
    text += "\n" + terminal.paint(Colour::bold, harmless(name)) + "  " +
            terminal.paint(Colour::dim, text_of(section["shape"]) + " from " + text_of(section["source"]["plugin"]) +
                                            " " + text_of(section["source"]["version"])) +
            "\n";
    append_data(text, section["data"], "  ");
  });
  return text;
}

} // namespace plugboard::cli
