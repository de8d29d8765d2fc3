#include "plugins/sql/layout.hpp"

#include <algorithm>

namespace plugboard::sql {
namespace {

// "total.amount_minor" is seen from the row; "/customer_id", a JSON Pointer, from the whole.
struct Alias {
  Path path;
  bool from_row = true;
};

std::optional<Alias> parse_alias(std::string_view column) {
  if (!column.empty() && column[0] == '/') {
    auto path = parse_pointer(column);
    return path ? std::optional(Alias{*path, false}) : std::nullopt;
  }
  Alias alias;
  for (std::size_t at = 0; at <= column.size();) {
    auto dot = std::min(column.find('.', at), column.size());
    alias.path.emplace_back(column.substr(at, dot - at));
    if (alias.path.back().empty()) return std::nullopt;
    at = dot + 1;
  }
  return alias;
}

class Builder {
 public:
  Builder(const SectionConfig& section, const std::vector<std::string>& columns)
      : section_(section), columns_(columns) {}

  Result<Layout> build() {
    if (columns_.empty()) return Failure{Status::failed, "the query gives no columns: it must be a SELECT"};
    if (shape().many()) place(layout_.whole, shape().rows(), Place::Kind::rows, 0, FieldType::any);
    for (std::size_t column = 0; column < columns_.size(); ++column) put(column);
    for (const auto& yield : section_.yields) find_yield(yield);
    for (const auto& echo : section_.echo) find_echo(echo);
    for (auto* tree : {&layout_.whole, &layout_.row}) sort_arrays(*tree);
    if (!fault_.empty()) return Failure{Status::failed, fault_};
    return std::move(layout_);
  }

 private:
  const Shape& shape() const { return *section_.shape; }

  void fail(std::string message) {
    if (fault_.empty()) fault_ = std::move(message);
  }

  bool yielded(const std::string& column) const {
    return std::any_of(section_.yields.begin(), section_.yields.end(),
                       [&](const auto& yield) { return yield.column == column; });
  }

  void put(std::size_t column) {
    const auto& name = columns_[column];
    const auto alias = parse_alias(name);
    const auto type = alias ? shape().field(alias->path, alias->from_row) : std::nullopt;
    if (!type) {
      if (!yielded(name))
        fail("the column \"" + name + "\" is no member of " + shape().name() + (shape().many() ? "'s rows" : "") +
             ": name it by a path into the shape, or leave it out");
      return;
    }
    const bool in_row = alias->from_row && shape().many();
    if (!place(in_row ? layout_.row : layout_.whole, alias->path, Place::Kind::column, column, *type))
      return fail("the column \"" + name + "\" stands where another one stands: two columns can't fill one member");
    if (shape().many() && !alias->from_row) layout_.once.push_back(column);
  }

  static bool place(Place& tree, const Path& path, Place::Kind kind, std::size_t column, FieldType type) {
    auto* at = &tree;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const auto inner = is_index(path[i]) ? Place::Kind::array : Place::Kind::object;
      if (at->children.empty() && (at->kind == Place::Kind::object || at->kind == Place::Kind::array)) at->kind = inner;
      if (at->kind != inner) return false;
      auto child = std::find_if(at->children.begin(), at->children.end(),
                                [&](const auto& each) { return each.name == path[i]; });
      const bool last = i + 1 == path.size();
      if (last && child != at->children.end()) return false;
      if (child == at->children.end()) {
        at->children.push_back({last ? kind : Place::Kind::object, path[i], column, type, {}});
        child = at->children.end() - 1;
      }
      at = &*child;
    }
    return !path.empty();
  }

  // Elements come in the order of their numbers, whatever the order of the columns.
  static void sort_arrays(Place& place) {
    if (place.kind == Place::Kind::array)
      std::sort(place.children.begin(), place.children.end(),
                [](const auto& a, const auto& b) { return std::stoi(a.name) < std::stoi(b.name); });
    for (auto& child : place.children) sort_arrays(child);
  }

  void find_yield(const YieldColumn& yield) {
    auto found = std::find(columns_.begin(), columns_.end(), yield.column);
    if (found == columns_.end())
      return fail("yields \"" + yield.type + "\" from the column \"" + yield.column +
                  "\", which the query does not give");
    layout_.yields.push_back({&yield, static_cast<std::size_t>(found - columns_.begin())});
  }

  void find_echo(const EchoField& echo) {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const auto alias = parse_alias(columns_[column]);
      if (!alias) continue;
      Path path;
      if (alias->from_row && shape().many()) {
        path = shape().rows();
        path.emplace_back("*");
      }
      path.insert(path.end(), alias->path.begin(), alias->path.end());
      const bool same = std::equal(path.begin(), path.end(), echo.path.begin(), echo.path.end(),
                                   [](const auto& a, const auto& b) { return a == b || (b == "*" && is_index(a)); });
      if (!same) continue;
      if (shape().many() && !alias->from_row) layout_.echoed.push_back({column, &echo});
      return;
    }
    fail("echo " + echo.pointer + ": no column of the query fills that member");
  }

  const SectionConfig& section_;
  const std::vector<std::string>& columns_;
  Layout layout_;
  std::string fault_;
};

} // namespace

Result<Layout> lay_out(const SectionConfig& section, const std::vector<std::string>& columns) {
  return Builder(section, columns).build();
}

} // namespace plugboard::sql
