#include "core/json/reader.hpp"

#include "core/json/syntax.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace plugboard::json {
namespace {

Error refused(std::string_view text, simdjson::error_code error, const Limits& limits) {
  if (error == simdjson::DEPTH_ERROR) {
    return fail(Code::malformed, "nested deeper than " + std::to_string(limits.depth) + " levels");
  }
  if (error == simdjson::MEMALLOC) throw std::bad_alloc(); // the hub's want of memory is no fault of the text
  if (error == simdjson::CAPACITY) {
    return fail(Code::too_large, "not enough memory to read " + std::to_string(text.size()) + " bytes of JSON");
  }
  // Who sends such a text is owed the place. simdjson doesn't know it, so the slower parser looks for it.
  const auto fault = syntax_fault(text, false);
  if (fault && fault->ends_with(kNumberTooLarge)) return fail(Code::malformed, *fault);
  if (fault) return fail(Code::malformed, "not JSON: " + *fault);
  if (error == simdjson::NUMBER_ERROR) return fail(Code::malformed, std::string(kNumberTooLarge));
  return fail(Code::malformed, std::string("not JSON: ") + simdjson::error_message(error));
}

} // namespace

// The parser's capacity is given to its constructor: set_max_capacity() of simdjson 3.0.1 has its branches swapped. It
// refuses to work with less than its minimum, whatever the text.
Reader::Reader(Limits limits)
    : limits_(limits), parser_(std::max(limits.bytes, simdjson::dom::MINIMAL_DOCUMENT_CAPACITY)) {}

Result<Value> Reader::read(std::string_view text) {
  if (text.size() > limits_.bytes) {
    return fail(Code::too_large, "more than " + std::to_string(limits_.bytes) + " bytes of JSON");
  }
  const std::size_t needed = text.size() + simdjson::SIMDJSON_PADDING;
  if (padded_.size() < needed) padded_.resize(std::max(needed, padded_.size() * 2));
  if (!text.empty()) std::memcpy(padded_.data(), text.data(), text.size());
  simdjson::dom::element root;
  const auto error = parser_.parse(padded_.data(), text.size(), false).get(root);
  if (error != simdjson::SUCCESS) return refused(text, error, limits_);
  if (auto checked = walk_.check(parser_.doc, limits_); !checked) return checked.error();
  return Value(root);
}

} // namespace plugboard::json
