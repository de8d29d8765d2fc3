// What this plugin must know of a section's shape: where many rows go, which members there are, and what they hold.
// Whether the data follows the shape is the hub's to check. Read once, at start. [read-only: any thread]
#pragma once

#include "plugins/sql/tree.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::sql {

enum class FieldType : unsigned char { any = 1, text, integer, number, boolean, date_time, structure };

using Path = std::vector<std::string>; // member names and array indices

class Shape {
 public:
  explicit Shape(std::string_view schema); // throws a sentence

  const std::string& name() const { return name_; }

  bool many() const { return !rows_.empty(); }

  const Path& rows() const { return rows_; } // the array that rows fill; empty: one row is the whole

  // What stands there, seen from the whole or from one row; nothing when the shape has no such member.
  std::optional<FieldType> field(const Path& path, bool from_row) const;

 private:
  using Node = const TreeValue*;
  Node resolve(Node node) const;
  Node member(Node node, const std::string& name) const;
  Node walk(Node node, const Path& path, bool& open) const;
  static FieldType type_of(Node node);

  std::shared_ptr<const Document> schema_;
  std::string name_;
  Path rows_;
};

using Shapes = std::map<std::string, std::shared_ptr<const Shape>, std::less<>>;

// "/orders/0/total" to its parts; nothing when it is no JSON Pointer.
std::optional<Path> parse_pointer(std::string_view pointer);
bool is_index(std::string_view token);

} // namespace plugboard::sql
