#include "core/wire/frame.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace plugboard::wire {
namespace {

constexpr std::size_t kUsualRoom = 64 * 1024;

std::uint32_t read_length(const char* at) {
  return FieldReader(std::string_view(at, 4)).u32();
}

} // namespace

FrameWriter::FrameWriter(std::string& out, Type type) : FieldWriter(out), at_(out.size()) {
  u32(0);
  u8(static_cast<std::uint8_t>(type));
}

FrameWriter::~FrameWriter() {
  const std::size_t length = out_.size() - at_ - 4;
  PLUGBOARD_ASSERT(length <= std::numeric_limits<std::uint32_t>::max());
  for (std::size_t i = 0; i < 4; ++i) out_[at_ + i] = static_cast<char>(length >> (8 * i));
}

std::span<char> FrameBuffer::room() {
  if (begin_ > 0) {
    std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_), bytes_.begin() + static_cast<std::ptrdiff_t>(end_),
              bytes_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (bytes_.size() > kUsualRoom && end_ <= kUsualRoom / 2) { // a big one has gone
    bytes_.resize(kUsualRoom);
    bytes_.shrink_to_fit();
  }
  if (bytes_.size() - end_ < kUsualRoom / 2) bytes_.resize(std::max(kUsualRoom, 2 * bytes_.size()));
  return std::span(bytes_).subspan(end_);
}

void FrameBuffer::filled(std::size_t bytes) {
  end_ += bytes;
}

std::vector<char> FrameBuffer::set_aside() {
  std::vector<char> rest(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                         bytes_.begin() + static_cast<std::ptrdiff_t>(end_));
  std::swap(bytes_, rest);
  end_ -= begin_;
  begin_ = 0;
  return rest;
}

FrameBuffer::Next FrameBuffer::next(Frame& frame) {
  if (!violation_.empty()) return Next::violation;
  const std::size_t there = end_ - begin_;
  if (there < 4) return Next::incomplete;
  const std::size_t length = read_length(&bytes_[begin_]);
  if (length == 0) return violation_ = "a frame without a type", Next::violation;
  if (length > most_) return violation_ = "a frame that says it is larger than any may be", Next::violation;
  if (there < 4 + length) return Next::incomplete;
  frame.type = static_cast<Type>(bytes_[begin_ + 4]);
  frame.body = {&bytes_[begin_] + kHeadBytes, length - 1};
  begin_ += 4 + length;
  return Next::frame;
}

} // namespace plugboard::wire
