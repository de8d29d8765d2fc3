#include "core/api/parameters.hpp"

#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "core/base/url_text.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

// Nothing: broken, or holds what no word of ours does.
std::optional<std::string> decoded(std::string_view text) {
  auto plain = url_unescaped(text);
  if (!plain || !is_utf8(*plain)) return std::nullopt;
  const bool controls =
      std::any_of(plain->begin(), plain->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return controls ? std::nullopt : plain;
}

std::string_view cut(std::string_view& rest, char at) { // what stands before it; rest: what stands behind
  const auto end = rest.find(at);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

} // namespace

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  for (const auto& [known, value] : all_)
    if (known == name) return value;
  return std::nullopt;
}

const std::string& Parameters::at(std::string_view name) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one.first == name; });
  PLUGBOARD_ASSERT(found != all_.end());
  return found->second;
}

std::optional<Parameters> match_path(std::string_view path_template, std::string_view path) {
  if (std::count(path.begin(), path.end(), '/') != std::count(path_template.begin(), path_template.end(), '/'))
    return std::nullopt;
  Parameters found;
  while (!path_template.empty() || !path.empty()) {
    const auto wanted = cut(path_template, '/'), part = cut(path, '/');
    if (!wanted.starts_with('{')) {
      if (wanted != part) return std::nullopt;
      continue;
    }
    auto value = decoded(part);
    if (!value || value->empty()) return std::nullopt;
    found.add(std::string(wanted.substr(1, wanted.size() - 2)), std::move(*value));
  }
  return found;
}

Result<Parameters> read_query(std::string_view query, const std::vector<std::string_view>& known) {
  constexpr const char* kForm = "The query is not NAME=VALUE&NAME=VALUE.";
  if (query.ends_with('&')) return fail(Code::invalid_argument, kForm);
  Parameters read;
  while (!query.empty()) {
    auto value = cut(query, '&');
    const auto name = decoded(cut(value, '='));
    if (!name || std::find(known.begin(), known.end(), *name) == known.end())
      return fail(Code::invalid_argument,
                  name && !name->empty() ? "This call takes no parameter \"" + *name + "\"." : kForm);
    if (read.find(*name)) return fail(Code::invalid_argument, "The parameter \"" + *name + "\" stands there twice.");
    auto text = decoded(value);
    if (!text || text->empty())
      return fail(Code::invalid_argument, "The parameter \"" + *name + "\" has no value, or one that is no text.");
    read.add(*name, std::move(*text));
  }
  return read;
}

} // namespace plugboard::api
