// The chunked coding, taken off byte by byte, strictly: sizes are hexadecimal digits and nothing else, lines end with
// CR LF, extensions and trailers are bounded, read, and forgotten. (Beast 1.81 can be brought to a failed assertion by
// a last chunk that comes in pieces, so its parser is given heads only.) [any thread]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard::http {

class ChunkedBody {
 public:
  enum class State : std::uint8_t { more = 1, complete, malformed, too_large };

  // Appends what it decodes to `body`, which never grows beyond `limit`. Returns how many bytes it took: all, unless
  // the body ended among them or is wrong.
  std::size_t feed(std::string_view bytes, std::string& body, std::size_t limit);

  State state() const { return state_; }

 private:
  static constexpr std::size_t kSizeDigits = 16;
  static constexpr std::size_t kExtension = 256;   // bytes, of one chunk
  static constexpr std::size_t kExtensions = 4096; // bytes, all together
  static constexpr std::size_t kTrailers = 4096;   // bytes, all together

  enum class At : std::uint8_t { size = 1, extension, size_lf, data, data_cr, data_lf, trailer, trailer_lf };

  void take(char c, std::size_t room);
  void take_size(char c);
  void take_extension(char c);
  void end_size_line(std::size_t room);
  void take_trailer(char c);
  void end_trailer_line();
  void expect(char c, char expected, At next);

  State state_ = State::more;
  At at_ = At::size;
  std::uint64_t size_ = 0; // of the chunk; what is left of it
  std::size_t digits_ = 0;
  std::size_t extension_ = 0; // of this chunk
  std::size_t extensions_ = 0;
  std::size_t trailers_ = 0;
  std::string line_; // of the trailers
};

} // namespace plugboard::http
