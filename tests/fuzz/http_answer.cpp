// What an upstream answers: interim answers, a head, a body of any framing. However the bytes arrive, and only then the
// end of the connection, the outcome is the same.
#include "core/http/answer_reader.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

namespace plugboard::fuzz {
namespace {

constexpr http::AnswerReader::Limits kLimits{2048, 4096};

void check(const http::Answer& answer) {
  require(answer.status >= 200 && answer.status <= 599, "a status is final and known");
  require(answer.body.size() <= kLimits.body_bytes, "a body stays within its limit");
  require(answer.headers.size() <= http::kMaxFields, "fields are counted");
  for (const auto& [name, value] : answer.headers) {
    require(!name.empty(), "a field has a name");
    for (const char c : name) require(c > ' ' && c < '\x7f' && (c < 'A' || c > 'Z'), "a field's name is lower case");
    for (const char c : value)
      require(static_cast<unsigned char>(c) >= 0x20 || c == '\t', "a field's value holds no control character");
  }
}

std::string outcome(http::AnswerReader& reader, std::size_t taken) {
  if (reader.state() == http::AnswerReader::State::failed) return "failed: " + reader.failure().message;
  if (reader.state() != http::AnswerReader::State::complete) return "half";
  std::string story = std::to_string(taken) + (reader.keep_alive() ? " stays " : " closes ");
  const auto answer = reader.take_answer();
  check(answer);
  story += std::to_string(answer.status);
  for (const auto& [name, value] : answer.headers) story.append("\n").append(name).append("\0").append(value);
  return story.append("\n\n").append(answer.body);
}

template <class Next>
std::string read(http::AnswerReader& reader, std::string_view bytes, bool answers_head, bool ends, bool cleanly,
                 Next next) {
  reader.begin(answers_head, kLimits);
  std::size_t taken = 0;
  while (!bytes.empty() && reader.state() <= http::AnswerReader::State::body) {
    const std::string_view piece = next(bytes);
    const auto now = reader.feed(piece);
    require(now <= piece.size(), "no more is taken than was given");
    taken += now;
    require(now == piece.size() || reader.state() > http::AnswerReader::State::body, "all is taken until the end");
  }
  if (ends && reader.state() <= http::AnswerReader::State::body) reader.end(cleanly);
  return outcome(reader, taken);
}

} // namespace

void fuzz(std::string_view input) {
  if (input.empty()) return;
  const auto wishes = static_cast<unsigned char>(input.back());
  input.remove_suffix(1);
  const bool head = (wishes & 1) != 0, ends = (wishes & 2) != 0, cleanly = (wishes & 4) != 0;
  Slices slices(input);
  const auto whole = [](std::string_view& rest) { return std::exchange(rest, {}); };
  http::AnswerReader once, bit_by_bit;
  const auto at_once = read(once, input, head, ends, cleanly, whole);
  const auto sliced =
      read(bit_by_bit, input, head, ends, cleanly, [&](std::string_view& rest) { return slices.next(rest); });
  require(at_once == sliced, "how the bytes arrive changes nothing");
  require(at_once == read(once, input, head, ends, cleanly, whole), "nor that they came before");
}

} // namespace plugboard::fuzz
