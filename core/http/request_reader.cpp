#include "core/http/request_reader.hpp"

#include "core/http/parser.hpp"

namespace plugboard::http {

RequestReader::RequestReader(std::size_t header_bytes, std::size_t body_bytes)
    : header_bytes_(header_bytes), body_bytes_(body_bytes) {}

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
  constexpr char kTlsHandshake = 0x16; // what a TLS client's first record begins with
  if (head_.empty() && bytes.starts_with(kTlsHandshake)) {
    refuse({400, "the client speaks TLS, and this port does not: ask http:// instead of https://"});
    return skipped;
  }
  const auto room = header_bytes_ - head_.size();
  const auto taken = scan_.feed(bytes.substr(0, room + 1));
  if (taken > room) {
    refuse({431, "the head is too large"});
  } else if (scan_.found() == HeadScan::Found::bad_byte) {
    refuse({400, "the head holds a control character, or a line that does not end with CR LF"});
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
  if (!parse_head()) return refuse({400, "the head can be read in more than one way"});
  body_.begin(framing_, body_bytes_);
  state_ = State::body;
  if (framing_.body == Body::none) complete();
}

bool RequestReader::parse_head() {
  ParsedHead parsed{{}, {}, std::move(request_.headers)}; // for its memory
  Parser<true> parser(parsed);
  const bool agreed = parser.parse(head_, framing_);
  request_.headers = std::move(parsed.fields);
  request_.method = parsed.method;
  request_.target = parsed.target;
  const auto mark = parsed.target.find('?');
  request_.path = parsed.target.substr(0, mark);
  request_.query = mark == std::string_view::npos ? std::string_view() : parsed.target.substr(mark + 1);
  return agreed;
}

std::size_t RequestReader::feed_body(std::string_view bytes) {
  body_fed_ = true;
  const auto taken = body_.feed(bytes);
  if (body_.state() == BodyReader::State::too_large) refuse({413, "the body is too large"});
  if (body_.state() == BodyReader::State::malformed) refuse({400, "the body's chunks are not what they must be"});
  if (body_.state() == BodyReader::State::complete) complete();
  return taken;
}

void RequestReader::complete() {
  state_ = State::complete;
  request_.body = body_.bytes;
}

void RequestReader::refuse(const Refusal& refusal) {
  state_ = State::refused;
  refusal_ = refusal;
}

void RequestReader::reset() {
  constexpr std::size_t kKept = 16 * 1024; // of memory, while nothing is asked
  if (head_.capacity() > kKept) head_ = std::string();
  if (body_.bytes.capacity() > kKept) body_.bytes = std::string();
  head_.clear();
  request_.headers.clear();
  body_fed_ = false;
  scan_ = HeadScan();
  framing_ = Framing();
  skipped_ = 0;
  state_ = State::head;
}

} // namespace plugboard::http
