// HTTP/2 frames, written by hand, right or wrong as the test wants them; and read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard::http {

namespace frame {

enum Type : std::uint8_t {
  data = 0,
  headers,
  priority,
  rst_stream,
  settings,
  push_promise,
  ping,
  goaway,
  window_update,
  continuation
};

constexpr std::uint8_t kEndStream = 1, kAck = 1, kEndHeaders = 4, kPadded = 8;

} // namespace frame

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Frame {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::int32_t stream = 0;
  std::string payload;
};

std::string big_endian(std::uint64_t number, std::size_t bytes);
std::string frame_of(std::uint8_t type, std::uint8_t flags, std::int32_t stream, std::string_view payload = {});
std::string fields_of(const Fields& fields); // HPACK: literal, not indexed, nothing compressed
std::string settings_frame(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& settings = {});
std::string head_frame(std::int32_t stream, const Fields& fields, std::uint8_t flags = 0); // END_HEADERS is added
std::string data_frame(std::int32_t stream, std::string_view bytes, std::uint8_t flags = 0);
std::string answer_frames(std::int32_t stream, std::string_view body, const Fields& more = {});
std::string reset_frame(std::int32_t stream, std::uint32_t error);
std::string goaway_frame(std::int32_t last_stream, std::uint32_t error = 0);

std::optional<Frame> take_frame(std::string& bytes); // off the front; none: it is not whole yet

} // namespace plugboard::http
