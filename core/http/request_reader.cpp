#include "core/http/request_reader.hpp"

#include "core/http/parser.hpp"

#include <optional>

namespace plugboard::http {

struct RequestReader::Engine {
  Parsed parsed;
  std::optional<Parser<true>> parser;
};

RequestReader::RequestReader(std::size_t header_bytes, std::size_t body_bytes)
    : header_bytes_(header_bytes), body_bytes_(body_bytes), engine_(std::make_unique<Engine>()) {}

RequestReader::~RequestReader() = default;

bool RequestReader::body_begun() const {
  return !engine_->parsed.body.empty();
}

std::size_t RequestReader::feed(std::string_view bytes) {
  std::size_t used = 0;
  if (state_ == State::head) used = feed_head(bytes);
  if (state_ == State::body && used < bytes.size()) used += feed_body(bytes.substr(used));
  return used;
}

// RFC 9112 2.2: one empty line before a request is what some clients send after a body.
std::size_t RequestReader::skip_empty_line(std::string_view bytes) {
  std::size_t used = 0;
  while (head_.empty() && skipped_ < 2 && used < bytes.size()) {
    if (bytes[used] != "\r\n"[skipped_]) {
      if (skipped_ == 1) refuse({400, "a line ends with CR alone"});
      return used;
    }
    ++skipped_;
    ++used;
  }
  return used;
}

std::size_t RequestReader::feed_head(std::string_view bytes) {
  const auto skipped = skip_empty_line(bytes);
  if (state_ == State::refused) return skipped;
  bytes.remove_prefix(skipped);
  const auto taken = scan_.feed(bytes);
  if (scan_.found() == HeadScan::Found::bad_byte) {
    refuse({400, "the head holds a control character, or a line that does not end with CR LF"});
  } else if (head_.size() + taken > header_bytes_) {
    refuse({431, "the head is too large"});
  } else {
    head_.append(bytes.substr(0, taken));
    if (scan_.found() == HeadScan::Found::end) judge_head();
  }
  return skipped + taken;
}

void RequestReader::judge_head() {
  const auto framing = check_request_head(head_);
  if (!framing) return refuse(framing.error());
  framing_ = *framing;
  if (framing_.body == Body::sized && framing_.length > body_bytes_) return refuse({413, "the body is too large"});
  lower_case_names(head_);
  parse_head();
}

void RequestReader::parse_head() {
  auto& parsed = engine_->parsed;
  parsed.body_limit = body_bytes_;
  auto& parser = engine_->parser.emplace(parsed);
  bool failed = false;
  const auto taken = parser.take(head_, failed);
  const bool sized = framing_.body == Body::sized;
  const bool agreed = !failed && taken == head_.size() && parser.is_header_done() &&
                      parser.chunked() == (framing_.body == Body::chunked) &&
                      parser.content_length().value_or(0) == (sized ? framing_.length : 0) &&
                      parser.is_done() == (framing_.body == Body::none);
  if (!agreed) return refuse({400, "the head can be read in more than one way"});
  parser.eager(true);
  if (framing_.body == Body::none) return complete();
  state_ = State::body;
}

std::size_t RequestReader::feed_body(std::string_view bytes) {
  bool failed = false;
  auto& parser = *engine_->parser;
  const auto used = carry_.feed(
      bytes, [&](std::string_view all) { return parser.take(all, failed); }, [&] { return parser.is_done(); });
  if (engine_->parsed.body_too_large)
    refuse({413, "the body is too large"});
  else if (failed)
    refuse({400, "the body's chunks are not what they must be"});
  else if (parser.is_done())
    complete();
  else if (carry_.overfull())
    refuse({400, "a chunk's first line or the trailers are too long"});
  return used;
}

void RequestReader::complete() {
  state_ = State::complete;
  const auto& parsed = engine_->parsed;
  request_.method = parsed.method;
  request_.target = parsed.target;
  const auto mark = parsed.target.find('?');
  request_.path = parsed.target.substr(0, mark);
  request_.query = mark == std::string_view::npos ? std::string_view() : parsed.target.substr(mark + 1);
  request_.headers.assign(parsed.fields.begin(), parsed.fields.end());
  request_.body = parsed.body;
}

void RequestReader::refuse(const Refusal& refusal) {
  state_ = State::refused;
  refusal_ = refusal;
}

void RequestReader::reset() {
  constexpr std::size_t kKept = 16 * 1024; // of memory, while nothing is asked
  auto& parsed = engine_->parsed;
  if (head_.capacity() > kKept) head_ = std::string();
  if (parsed.body.capacity() > kKept) parsed.body = std::string();
  head_.clear();
  parsed.body.clear();
  parsed.fields.clear();
  request_.headers.clear();
  carry_.clear();
  scan_ = HeadScan();
  framing_ = Framing();
  skipped_ = 0;
  state_ = State::head;
}

} // namespace plugboard::http
