#include "tests/fuzz/frames.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstring>

namespace plugboard::fuzz {
namespace {

constexpr std::size_t kMostBytes = 4096;

void feed(wire::FrameBuffer& buffer, std::string_view piece, ReadFrames& into) {
  while (!piece.empty()) {
    const auto room = buffer.room();
    require(!room.empty(), "there is always room");
    const std::size_t part = std::min(room.size(), piece.size());
    std::memcpy(room.data(), piece.data(), part);
    buffer.filled(part);
    piece.remove_prefix(part);
    wire::Frame frame;
    for (;;) {
      const auto next = buffer.next(frame);
      if (next == wire::FrameBuffer::Next::violation) {
        into.violated = true;
        return;
      }
      if (next == wire::FrameBuffer::Next::incomplete) break;
      require(frame.body.size() < kMostBytes, "a frame stays within its limit");
      into.frames.push_back({frame.type, std::string(frame.body)});
    }
  }
}

std::string written(const ReadFrames& read) {
  std::string bytes;
  for (const ReadFrame& frame : read.frames) {
    const wire::FrameWriter head(bytes, frame.type);
    bytes += frame.body;
  }
  return bytes;
}

} // namespace

ReadFrames read_frames(std::string_view input) {
  Slices slices(input);
  ReadFrames sliced, whole;
  wire::FrameBuffer by_piece(kMostBytes), at_once(kMostBytes);
  for (std::string_view rest = input; !rest.empty() && !sliced.violated;) feed(by_piece, slices.next(rest), sliced);
  feed(at_once, input, whole);
  require(sliced == whole, "how bytes arrive changes nothing");
  require(input.starts_with(written(whole)), "frames written again are what was read");
  return whole;
}

} // namespace plugboard::fuzz
