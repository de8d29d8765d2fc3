#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace plugboard::fuzz {

void require(bool holds, std::string_view sentence) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
  std::abort();
}

std::string_view take_line(std::string_view& input) {
  const auto end = input.find('\n');
  const auto line = input.substr(0, end);
  input = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  return line;
}

Slices::Slices(std::string_view& input) {
  for (auto& size : sizes_) {
    if (input.empty()) return;
    size = static_cast<unsigned char>(input.back());
    input.remove_suffix(1);
  }
}

std::string_view Slices::next(std::string_view& rest) {
  const std::size_t size = std::max<std::size_t>(1, sizes_[at_++ % sizes_.size()]);
  const auto piece = rest.substr(0, size);
  rest.remove_prefix(piece.size());
  return piece;
}

} // namespace plugboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  plugboard::fuzz::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
