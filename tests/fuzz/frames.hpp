// Bytes on the socket between hub and worker, cut into frames however they arrive. For the targets of either side.
#pragma once

#include "core/wire/frame.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::fuzz {

struct ReadFrame {
  wire::Type type;
  std::string body;
  friend bool operator==(const ReadFrame&, const ReadFrame&) = default;
};

struct ReadFrames {
  std::vector<ReadFrame> frames;
  bool violated = false;
  friend bool operator==(const ReadFrames&, const ReadFrames&) = default;
};

// input's last bytes say how the rest is cut. Requires that the cuts change nothing, and that frames written again are
// the bytes that were read.
ReadFrames read_frames(std::string_view input);

} // namespace plugboard::fuzz
