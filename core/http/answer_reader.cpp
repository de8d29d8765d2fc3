#include "core/http/answer_reader.hpp"

#include "core/http/parser.hpp"

namespace plugboard::http {

void AnswerReader::begin(bool answers_head_request, Limits limits) {
  answers_head_ = answers_head_request;
  limits_ = limits;
  interims_ = 0;
  begun_ = false;
  expect_head();
}

void AnswerReader::expect_head() {
  state_ = State::head;
  scan_ = HeadScan();
  head_.clear();
}

std::size_t AnswerReader::feed(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  std::size_t used = 0;
  while (state_ == State::head && used < bytes.size()) used += feed_head(bytes.substr(used));
  if (state_ == State::body && used < bytes.size()) used += feed_body(bytes.substr(used));
  return used;
}

// Where a head ends, what it says and whether it is allowed depend on its bytes alone, and on what it answers.
bool AnswerReader::knows_head(std::string_view bytes) const {
  return head_.empty() && !judged_.bytes.empty() && judged_.bytes.size() <= limits_.header_bytes &&
         judged_.answers_head == answers_head_ && bytes.starts_with(judged_.bytes);
}

std::size_t AnswerReader::feed_head(std::string_view bytes) {
  if (knows_head(bytes)) {
    framing_ = judged_.framing;
    accept_head();
    return judged_.bytes.size();
  }
  const auto room = limits_.header_bytes - head_.size();
  const auto taken = scan_.feed(bytes.substr(0, room + 1));
  if (taken > room) {
    fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.header_bytes) + " bytes of header");
  } else if (scan_.found() == HeadScan::Found::bad_byte) {
    fail_with(Code::malformed, "answered with something that is not HTTP/1.1");
  } else {
    head_.append(bytes.substr(0, taken));
    if (scan_.found() == HeadScan::Found::end) judge_head();
  }
  return taken;
}

void AnswerReader::judge_head() {
  constexpr int kInterims = 8;
  const auto framing = check_answer_head(head_, answers_head_);
  if (!framing)
    return fail_with(Code::malformed, "answered against the rules of HTTP/1.1: " + std::string(framing.error().reason));
  framing_ = *framing;
  if (framing_.status == 101) return fail_with(Code::malformed, "switched protocols without being asked");
  if (framing_.status < 200) {
    if (++interims_ > kInterims) return fail_with(Code::malformed, "sent interim answers without end");
    return expect_head();
  }
  judged_.bytes.clear(); // until all else of it is what belongs to them
  raw_ = head_;
  lower_case_names(head_);
  if (!parse_head()) return fail_with(Code::malformed, "answered with a head that can be read in more than one way");
  judged_.answers_head = answers_head_;
  judged_.framing = framing_;
  std::swap(judged_.bytes, raw_);
  accept_head();
}

void AnswerReader::accept_head() {
  if (framing_.length > limits_.body_bytes)
    return fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.body_bytes) + " bytes");
  body_.begin(framing_, limits_.body_bytes);
  state_ = framing_.body == Body::none ? State::complete : State::body;
}

bool AnswerReader::parse_head() {
  ParsedHead parsed;
  Parser<false> parser(parsed);
  parser.skip(answers_head_);
  const bool agreed = parser.parse(head_, framing_);
  Headers headers;
  headers.reserve(parsed.fields.size());
  for (const auto& [name, value] : parsed.fields) headers.push_back({std::string(name), std::string(value)});
  judged_.headers = std::move(headers);
  return agreed;
}

std::size_t AnswerReader::feed_body(std::string_view bytes) {
  const auto taken = body_.feed(bytes);
  if (body_.state() == BodyReader::State::too_large)
    fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.body_bytes) + " bytes");
  if (body_.state() == BodyReader::State::malformed)
    fail_with(Code::malformed, "answered with chunks that are not what they must be");
  if (body_.state() == BodyReader::State::complete) state_ = State::complete;
  return taken;
}

void AnswerReader::end(bool cleanly) {
  if (state_ == State::body && framing_.body == Body::until_close && cleanly) {
    state_ = State::complete;
  } else if (!begun_) {
    fail_with(Code::unreachable, "closed the connection without an answer");
  } else if (state_ != State::complete) {
    fail_with(Code::malformed, "closed the connection half-way through its answer");
  }
}

Answer AnswerReader::take_answer() {
  return {framing_.status, judged_.headers, std::move(body_.bytes)};
}

void AnswerReader::fail_with(Code code, std::string message) {
  state_ = State::failed;
  failure_ = fail(code, std::move(message));
}

} // namespace plugboard::http
