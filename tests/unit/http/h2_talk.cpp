#include "tests/unit/http/h2_talk.hpp"

namespace plugboard::http {

void H2Talk::greet(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& settings) {
  constexpr std::size_t kPreface = 24;
  while (bytes_.size() < kPreface) {
    const auto more = conversation_.take();
    if (more.empty()) return;
    bytes_ += more;
  }
  bytes_.erase(0, kPreface);
  send(settings_frame(settings));
}

std::optional<Frame> H2Talk::next() {
  for (;;) {
    if (auto frame = take_frame(bytes_)) {
      ++heard_[frame->type];
      if (frame->type == frame::settings && (frame->flags & frame::kAck) == 0)
        send(frame_of(frame::settings, frame::kAck, 0));
      return frame;
    }
    const auto more = conversation_.take();
    if (more.empty()) return std::nullopt;
    bytes_ += more;
  }
}

std::optional<H2Request> H2Talk::request() {
  while (auto frame = next()) {
    if (frame->type != frame::headers && frame->type != frame::data) continue;
    auto& request = begun_[frame->stream];
    request.stream = frame->stream;
    if (frame->type == frame::headers) request.fields = reader_.read(frame->payload);
    if (frame->type == frame::data) request.body += frame->payload;
    if ((frame->flags & frame::kEndStream) == 0) continue;
    auto whole = std::move(request);
    begun_.erase(frame->stream);
    return whole;
  }
  return std::nullopt;
}

std::optional<Frame> H2Talk::await_frame(std::uint8_t type) {
  while (auto frame = next())
    if (frame->type == type) return frame;
  return std::nullopt;
}

bool H2Talk::await(std::uint8_t type) {
  return await_frame(type).has_value();
}

void H2Talk::answer_all() {
  while (const auto asked = request()) send(answer_frames(asked->stream, field(asked->fields, ":path")));
}

} // namespace plugboard::http
