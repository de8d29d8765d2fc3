// A compiled shape: what may stand at one place of a section. Built by shape_compile.cpp, read by shape_check.cpp.
// [read-only once built: any thread]
#pragma once

#include "core/json/reader.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace plugboard::json {

struct ShapeNode;

// How the properties of a node are ordered: by length first, which tells most names apart without reading them.
inline bool comes_before(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

struct ShapeProperty {
  std::string name;
  const ShapeNode* node; // owned by the ShapeTree
  bool required;
  std::uint16_t next = 0; // of the same slot: its place and 1
};

using ShapeConstant = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string>;

struct ShapeNode {
  enum class Format : std::uint8_t { none = 1, date_time, date, email };
  enum class Others : std::uint8_t { cut = 1, pass, refuse, check }; // members that are not among the properties

  static constexpr unsigned bit(Type type) { return 1U << static_cast<unsigned>(type); }

  const ShapeProperty* property(std::string_view name) const;
  void index_properties(); // once all are there

  unsigned types = 0;                          // bits; 0: any
  std::string want;                            // the types in words, for messages
  bool never = false;                          // x-never: removed, whatever it is
  bool payment = false;                        // x-classification
  std::vector<ShapeConstant> allowed;          // enum, const; empty: all
  std::optional<long double> minimum, maximum; // long double holds every int64 and uint64 exactly
  std::optional<std::size_t> min_length, max_length, max_items;
  Format format = Format::none;
  const ShapeNode* items = nullptr;
  std::vector<ShapeProperty> properties; // in the order of comes_before
  std::size_t required = 0;              // how many of them are
  Others others = Others::pass;
  const ShapeNode* other = nullptr; // Others::check

 private:
  static std::size_t slot_of(std::string_view name);

  std::array<std::uint16_t, 64> slots_{}; // by slot_of: the first of properties there, its place and 1; 0: none
};

struct ShapeTree {
  std::deque<ShapeNode> nodes; // owns; a $ref makes two places share a node
  const ShapeNode* root = nullptr;
  std::string name;
  std::string rows;
  std::vector<std::string> untrusted;
};

} // namespace plugboard::json
