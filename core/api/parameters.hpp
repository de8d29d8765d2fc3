// The parts of a URL that are the caller's words: what stands where a path has {NAME}, and ?NAME=VALUE. Read strictly:
// each at most once, none that the call does not know, percent-encoding whole, UTF-8. Values.
#pragma once

#include "core/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard::api {

class Parameters {
 public:
  std::optional<std::string_view> find(std::string_view name) const;
  const std::string& at(std::string_view name) const; // that the path's template has, which is always there

  void add(std::string name, std::string value) { all_.emplace_back(std::move(name), std::move(value)); }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

// template: "/admin/v1/clients/{client}". Nothing: the path is another's, or not written as it must be.
std::optional<Parameters> match_path(std::string_view path_template, std::string_view path);

// Error: invalid_argument, with the parameter's name where that may be said.
Result<Parameters> read_query(std::string_view query, const std::vector<std::string_view>& known);

} // namespace plugboard::api
