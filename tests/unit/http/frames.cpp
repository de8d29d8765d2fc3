#include "tests/unit/http/frames.hpp"

namespace plugboard::http {
namespace {

std::string hpack_text(std::string_view text) { // RFC 7541, 5.2, without Huffman
  std::string out;
  if (text.size() < 127) {
    out += static_cast<char>(text.size());
  } else {
    out += '\x7f';
    auto rest = text.size() - 127;
    for (; rest >= 128; rest >>= 7) out += static_cast<char>(rest % 128 + 128);
    out += static_cast<char>(rest);
  }
  return out.append(text);
}

} // namespace

std::string big_endian(std::uint64_t number, std::size_t bytes) {
  std::string out;
  for (auto i = bytes; i > 0; --i) out += static_cast<char>(number >> (8 * (i - 1)) & 0xff);
  return out;
}

std::string frame_of(std::uint8_t type, std::uint8_t flags, std::int32_t stream, std::string_view payload) {
  return big_endian(payload.size(), 3) + static_cast<char>(type) + static_cast<char>(flags) +
         big_endian(static_cast<std::uint32_t>(stream), 4) + std::string(payload);
}

std::string fields_of(const Fields& fields) {
  std::string block;
  for (const auto& [name, value] : fields) block.append(1, '\0').append(hpack_text(name)).append(hpack_text(value));
  return block;
}

std::string settings_frame(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& settings) {
  std::string payload;
  for (const auto& [id, value] : settings) payload += big_endian(id, 2) + big_endian(value, 4);
  return frame_of(frame::settings, 0, 0, payload);
}

std::string head_frame(std::int32_t stream, const Fields& fields, std::uint8_t flags) {
  return frame_of(frame::headers, flags | frame::kEndHeaders, stream, fields_of(fields));
}

std::string data_frame(std::int32_t stream, std::string_view bytes, std::uint8_t flags) {
  return frame_of(frame::data, flags, stream, bytes);
}

std::string answer_frames(std::int32_t stream, std::string_view body, const Fields& more) {
  Fields fields{{":status", "200"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return head_frame(stream, fields) + data_frame(stream, body, frame::kEndStream);
}

std::string reset_frame(std::int32_t stream, std::uint32_t error) {
  return frame_of(frame::rst_stream, 0, stream, big_endian(error, 4));
}

std::string goaway_frame(std::int32_t last_stream, std::uint32_t error) {
  return frame_of(frame::goaway, 0, 0, big_endian(static_cast<std::uint32_t>(last_stream), 4) + big_endian(error, 4));
}

std::optional<Frame> take_frame(std::string& bytes) {
  const auto number = [&](std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  };
  constexpr std::size_t kHead = 9;
  if (bytes.size() < kHead || bytes.size() < kHead + number(0, 3)) return std::nullopt;
  Frame frame{static_cast<std::uint8_t>(bytes[3]), static_cast<std::uint8_t>(bytes[4]),
              static_cast<std::int32_t>(number(5, 4) & 0x7fffffff), bytes.substr(kHead, number(0, 3))};
  bytes.erase(0, kHead + frame.payload.size());
  return frame;
}

} // namespace plugboard::http
