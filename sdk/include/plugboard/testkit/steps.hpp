// What a step of an authentication came to, taken apart: the state for the next step, and the challenge as the client
// gets it. Each throws when the answer is no challenge. [any thread]
#pragma once

#include <plugboard/testkit/conversation.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace plugboard::testkit {

namespace reading {

// A member of a JSON object, as its text; only as strict as a connector's own answer needs.
inline std::string_view raw_member(std::string_view object, std::string_view name) {
  int depth = 0;
  bool in_string = false, is_value = false;
  std::size_t begin = 0;
  std::string_view member;
  for (std::size_t at = 0; at < object.size(); ++at) {
    const char c = object[at];
    if (in_string) {
      if (c == '\\') ++at;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth == 1) begin = at + 1;
    } else if (depth == 1 && c == ':') {
      member = object.substr(begin, at - begin);
      begin = at + 1;
      is_value = true;
    } else if (depth == 1 && (c == ',' || c == '}')) {
      while (!member.empty() && member.front() != '"') member.remove_prefix(1);
      while (!member.empty() && member.back() != '"') member.remove_suffix(1);
      if (is_value && member.size() >= 2 && member.substr(1, member.size() - 2) == name)
        return object.substr(begin, at - begin);
      begin = at + 1;
      is_value = false;
    }
    if (!in_string && (c == '}' || c == ']')) --depth;
  }
  throw std::runtime_error("the answer has no \"" + std::string(name) + "\": " + std::string(object));
}

inline std::string unescaped(std::string_view string) { // with its quotes; \u only for what is ASCII
  std::string out;
  for (std::size_t at = 1; at + 1 < string.size(); ++at) {
    if (string[at] != '\\') {
      out += string[at];
      continue;
    }
    const char c = string[++at];
    if (c == 'u') {
      out += static_cast<char>(std::stoi(std::string(string.substr(at + 1, 4)), nullptr, 16));
      at += 4;
    } else {
      constexpr std::string_view kNames = "bfnrt", kMeant = "\b\f\n\r\t";
      const auto found = kNames.find(c);
      out += found == std::string_view::npos ? c : kMeant[found];
    }
  }
  return out;
}

inline std::string_view part_of(const Answer& answer, std::string_view name) {
  if (answer.status != Status::challenged)
    throw std::runtime_error("the answer is no challenge, but of status " +
                             std::to_string(static_cast<int>(answer.status)) + ": " + answer.message);
  auto part = raw_member(answer.data, name);
  while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
  while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
  return part;
}

} // namespace reading

inline std::string state_of(const Answer& answer) {
  return reading::unescaped(reading::part_of(answer, "state"));
}

inline std::string challenge_of(const Answer& answer) { // a JSON object
  return std::string(reading::part_of(answer, "challenge"));
}

inline std::int64_t expires_at_of(const Answer& answer) { // unix seconds
  return std::stoll(std::string(reading::part_of(answer, "expires_at")));
}

} // namespace plugboard::testkit
