#include "core/policy/pattern.hpp"

#include "core/base/ids.hpp"

namespace plugboard::policy {

bool is_section_pattern(std::string_view text) {
  if (text == "*") return true;
  auto dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  auto name = text.substr(dot + 1);
  return is_connector_name(text.substr(0, dot)) && (name == "*" || is_connector_name(name));
}

bool pattern_covers(std::string_view pattern, std::string_view section) {
  if (pattern == "*" || pattern == section) return true;
  if (!pattern.ends_with(".*")) return false;
  return section.starts_with(pattern.substr(0, pattern.size() - 1));
}

} // namespace plugboard::policy
