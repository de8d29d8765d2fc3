#include "core/wire/frame.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace plugboard::wire {
namespace {

constexpr std::size_t kUsualRoom = 64 * 1024;
constexpr unsigned kSmallInARow = 64; // then the large ones are held to be over

std::uint32_t read_length(const char* at) {
  return FieldReader(std::string_view(at, 4)).u32();
}

} // namespace

FrameWriter::FrameWriter(std::string& out, Type type) : FieldWriter(out), at_(out.size()) {
  u32(0);
  u8(static_cast<std::uint8_t>(type));
}

FrameWriter::~FrameWriter() {
  const std::size_t length = out_.size() - at_ - 4 + follows_;
  PLUGBOARD_ASSERT(length <= std::numeric_limits<std::uint32_t>::max());
  for (std::size_t i = 0; i < 4; ++i) out_[at_ + i] = static_cast<char>(length >> (8 * i));
}

void FrameWriter::text_follows(std::size_t size) {
  PLUGBOARD_ASSERT(size <= std::numeric_limits<std::uint32_t>::max());
  u32(static_cast<std::uint32_t>(size));
  follows_ = size;
}

std::size_t FrameBuffer::wanted_size() const {
  const std::size_t there = end_ - begin_;
  if (size_ - there < kUsualRoom / 2) return std::max(kUsualRoom, 2 * size_);
  return small_ > kSmallInARow && there <= kUsualRoom / 2 ? kUsualRoom : size_;
}

void FrameBuffer::move_to(std::size_t size) {
  auto bytes = std::make_unique_for_overwrite<char[]>(size);
  std::copy_n(bytes_.get() + begin_, end_ - begin_, bytes.get());
  bytes_ = std::move(bytes);
  size_ = size;
}

std::span<char> FrameBuffer::room() {
  small_ = end_ <= kUsualRoom ? small_ + 1 : 0;
  if (const std::size_t size = wanted_size(); size != size_)
    move_to(size);
  else if (begin_ > 0)
    std::copy(bytes_.get() + begin_, bytes_.get() + end_, bytes_.get());
  end_ -= std::exchange(begin_, 0);
  return std::span(bytes_.get(), size_).subspan(end_);
}

void FrameBuffer::filled(std::size_t bytes) {
  end_ += bytes;
}

std::unique_ptr<char[]> FrameBuffer::set_aside() {
  auto aside = std::make_unique_for_overwrite<char[]>(end_ - begin_);
  std::copy(bytes_.get() + begin_, bytes_.get() + end_, aside.get());
  size_ = end_ - begin_;
  end_ -= std::exchange(begin_, 0);
  std::swap(bytes_, aside);
  return aside;
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
