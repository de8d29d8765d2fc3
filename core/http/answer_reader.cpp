#include "core/http/answer_reader.hpp"

#include "core/http/parser.hpp"

#include <optional>

namespace plugboard::http {

struct AnswerReader::Engine {
  Parsed parsed;
  std::optional<Parser<false>> parser;
};

AnswerReader::AnswerReader() : engine_(std::make_unique<Engine>()) {}

AnswerReader::~AnswerReader() = default;

void AnswerReader::begin(bool answers_head_request, Limits limits) {
  answers_head_ = answers_head_request;
  limits_ = limits;
  interims_ = 0;
  begun_ = false;
  engine_->parsed = Parsed();
  carry_.clear();
  expect_head();
}

void AnswerReader::expect_head() {
  state_ = State::head;
  scan_ = HeadScan();
  head_.clear();
  engine_->parsed.fields.clear();
}

std::size_t AnswerReader::feed(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  std::size_t used = 0;
  while (state_ == State::head && used < bytes.size()) used += feed_head(bytes.substr(used));
  if (state_ == State::body && used < bytes.size()) used += feed_body(bytes.substr(used));
  return used;
}

std::size_t AnswerReader::feed_head(std::string_view bytes) {
  const auto taken = scan_.feed(bytes);
  if (scan_.found() == HeadScan::Found::bad_byte) {
    fail_with(Code::malformed, "answered with something that is not HTTP/1.1");
  } else if (head_.size() + taken > limits_.header_bytes) {
    fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.header_bytes) + " bytes of header");
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
  if (framing_.length > limits_.body_bytes)
    return fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.body_bytes) + " bytes");
  lower_case_names(head_);
  parse_head();
}

void AnswerReader::parse_head() {
  engine_->parsed.body_limit = limits_.body_bytes;
  auto& parser = engine_->parser.emplace(engine_->parsed);
  parser.skip(answers_head_);
  bool failed = false;
  const auto taken = parser.take(head_, failed);
  const bool agreed = !failed && taken == head_.size() && parser.is_header_done() &&
                      (framing_.body != Body::chunked || parser.chunked()) &&
                      (framing_.body != Body::sized || parser.content_length().value_or(0) == framing_.length) &&
                      (framing_.body != Body::until_close || parser.need_eof()) &&
                      parser.is_done() == (framing_.body == Body::none);
  if (!agreed) return fail_with(Code::malformed, "answered with a head that can be read in more than one way");
  parser.eager(true);
  state_ = framing_.body == Body::none ? State::complete : State::body;
}

std::size_t AnswerReader::feed_body(std::string_view bytes) {
  bool failed = false;
  auto& parser = *engine_->parser;
  const auto used = carry_.feed(
      bytes, [&](std::string_view all) { return parser.take(all, failed); }, [&] { return parser.is_done(); });
  if (engine_->parsed.body_too_large)
    fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.body_bytes) + " bytes");
  else if (failed || carry_.overfull())
    fail_with(Code::malformed, "answered with chunks that are not what they must be");
  else if (parser.is_done())
    state_ = State::complete;
  return used;
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
  Answer answer{framing_.status, {}, std::move(engine_->parsed.body)};
  answer.headers.reserve(engine_->parsed.fields.size());
  for (const auto& [name, value] : engine_->parsed.fields)
    answer.headers.push_back({std::string(name), std::string(value)});
  return answer;
}

void AnswerReader::fail_with(Code code, std::string message) {
  state_ = State::failed;
  failure_ = fail(code, std::move(message));
}

} // namespace plugboard::http
