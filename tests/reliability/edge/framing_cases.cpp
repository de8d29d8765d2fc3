#include "tests/reliability/edge/framing_cases.hpp"

#include "tests/support/hub_config.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace plugboard::test {

namespace {

const std::map<std::string, std::string>& words() {
  static const std::map<std::string, std::string> kWords = {
      {"get", "GET /healthz HTTP/1.1\r\nHost: h\r\n"},
      {"post", "POST /v1/none HTTP/1.1\r\nHost: h\r\n"},
      {"chunked", "POST /v1/none HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"smuggled", "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"},
  };
  return kWords;
}

char escaped(const std::string& text, std::size_t& at) { // at: the backslash; afterwards, its last character
  const char c = text.at(++at);
  if (c == 'r') return '\r';
  if (c == 'n') return '\n';
  if (c == 't') return '\t';
  if (c == '\\' || c == '{') return c;
  if (c != 'x') throw std::runtime_error(std::string("\\") + c + " is no escape");
  at += 2;
  return static_cast<char>(std::stoi(text.substr(at - 1, 2), nullptr, 16));
}

std::string unpacked(const std::string& text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      bytes.push_back(escaped(text, at));
    } else if (text[at] == '{' && text.find('}', at) != std::string::npos) {
      const auto end = text.find('}', at);
      const auto word = text.substr(at + 1, end - at - 1);
      const auto star = word.find('*');
      if (star == std::string::npos) {
        bytes += words().at(word);
      } else {
        const auto one = unpacked(word.substr(star + 1));
        for (int i = std::stoi(word.substr(0, star)); i > 0; --i) bytes += one;
      }
      at = end;
    } else {
      bytes.push_back(text[at]);
    }
  }
  return bytes;
}

FramingCase read_case(const std::string& line) {
  std::istringstream words_of_line(line);
  std::string outcome, bytes;
  FramingCase one;
  words_of_line >> outcome >> one.name >> std::ws;
  std::getline(words_of_line, bytes);
  one.bytes = unpacked(bytes);
  one.canary_answered = outcome.ends_with('+');
  std::istringstream statuses(outcome);
  for (std::string status; std::getline(statuses, status, ',');)
    if (status != "+" && status != "closed") one.statuses.push_back(std::stoi(status));
  return one;
}

} // namespace

std::vector<FramingCase> framing_cases(const std::string& file) {
  std::ifstream in(file);
  std::vector<FramingCase> cases;
  for (std::string line; std::getline(in, line);) try { // to say which line
      if (!line.empty() && line[0] != '#') cases.push_back(read_case(line));
    } catch (const std::exception& error) {
      throw std::runtime_error(line + ": " + error.what());
    }
  if (cases.empty()) throw std::runtime_error(file + " holds no cases");
  return cases;
}

} // namespace plugboard::test
