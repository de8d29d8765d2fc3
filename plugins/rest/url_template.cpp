#include "plugins/rest/url_template.hpp"

#include <algorithm>

namespace plugboard::rest {

namespace {

constexpr std::size_t kUsualSize = 96; // of what follows the base
constexpr char kHex[] = "0123456789ABCDEF";

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_unreserved(char c) {
  return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void append_encoded(std::string& out, std::string_view value) {
  for (char c : value) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

std::string decode(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool encoded = text[i] == '%' && i + 2 < text.size();
    plain += encoded ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (encoded) i += 2;
  }
  return plain;
}

// Some servers and proxies decode %2F and %5C before they walk a path: a step must not hide behind those either.
bool has_step(std::string_view segment) {
  if (segment.find_first_of(".%") == segment.npos) return false; // as most: there is no dot in it
  auto plain = decode(segment);
  std::string_view rest = plain;
  while (true) {
    auto end = std::min(rest.find_first_of("/\\"), rest.size());
    auto piece = rest.substr(0, end);
    if (piece == "." || piece == "..") return true;
    if (end == rest.size()) return false;
    rest.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> pieces;
  for (;;) {
    auto end = text.find(at);
    pieces.push_back(text.substr(0, end));
    if (end == text.npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

// Written by the operator: must be what RFC 3986 allows in a path or a query as it stands.
void check_literal(std::string_view text, std::string_view at, Problems& problems) {
  constexpr std::string_view kAllowed = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_alnum(c) || kAllowed.find(c) != kAllowed.npos) continue;
    if (c == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) continue;
    if (c == '#') return problems.add(at, "a fragment (#…) is never sent: remove it");
    if (c == '}') return problems.add(at, "there is a } without a {");
    auto byte = static_cast<unsigned char>(c);
    return problems.add(at, std::string("byte ") + std::to_string(byte) +
                                " can't stand in a URL as it is: write it percent-encoded, %" + kHex[byte >> 4] +
                                kHex[byte & 15]);
  }
}

} // namespace

UrlTemplate::Parts UrlTemplate::read_parts(std::string_view text, const Vocabulary& vocabulary, std::string_view at,
                                           Problems& problems) {
  Parts parts;
  while (!text.empty()) {
    auto open = std::min(text.find('{'), text.size());
    if (open > 0) {
      check_literal(text.substr(0, open), at, problems);
      parts.push_back({std::string(text.substr(0, open)), std::nullopt});
      text.remove_prefix(open);
      continue;
    }
    auto close = text.find('}');
    if (close == text.npos) {
      problems.add(at, "there is a { without a }");
      return parts;
    }
    if (auto variable = vocabulary.read(text.substr(1, close - 1), at, problems)) parts.push_back({{}, variable});
    text.remove_prefix(close + 1);
  }
  return parts;
}

UrlTemplate UrlTemplate::read(std::string_view text, const Vocabulary& vocabulary, std::string_view at,
                              Problems& problems) {
  UrlTemplate made;
  if (text.empty() || text[0] != '/') {
    problems.add(at, "begin it with a /: it is appended to the base_url");
    return made;
  }
  auto question = text.find('?');
  for (auto segment : split(text.substr(1, question == text.npos ? text.npos : question - 1), '/')) {
    made.segments_.push_back(read_parts(segment, vocabulary, at, problems));
    if (has_step(segment)) problems.add(at, "\".\" and \"..\" can't be segments of a path: write where it leads");
  }
  if (question == text.npos) return made;
  for (auto pair : split(text.substr(question + 1), '&')) {
    auto equals = pair.find('=');
    if (pair.find('{') < equals && pair.find('{') != pair.npos)
      problems.add(at, "a variable in the query must be a value: write \"name={…}\"");
    made.pairs_.push_back(read_parts(pair, vocabulary, at, problems));
  }
  return made;
}

std::optional<Failure> UrlTemplate::append_segment(std::string& url, const Parts& parts, const Variables& variables) {
  url += '/';
  auto begin = url.size();
  bool filled = false;
  for (const auto& part : parts) {
    url += part.literal;
    if (!part.variable) continue;
    auto value = variables.text(*part.variable);
    if (!value) return value.failure();
    if (!*value || (*value)->empty())
      return Failure{Status::failed, part.variable->written() + " stands in the path of the url and has no value"};
    append_encoded(url, **value);
    filled = true;
  }
  if (filled && has_step(std::string_view(url).substr(begin)))
    return Failure{Status::failed, "a value would make a step (\".\" or \"..\") of the url's path: it was not asked"};
  return std::nullopt;
}

// Leaves it out when one of its variables has no value.
std::optional<Failure> UrlTemplate::append_pair(std::string& url, char before, const Parts& parts,
                                                const Variables& variables) {
  auto begin = url.size();
  bool complete = true;
  url += before;
  for (const auto& part : parts) {
    url += part.literal;
    if (!part.variable) continue;
    auto value = variables.text(*part.variable);
    if (!value) return value.failure();
    complete = complete && *value;
    if (*value) append_encoded(url, **value);
  }
  if (!complete) url.resize(begin);
  return std::nullopt;
}

Result<std::string> UrlTemplate::expand(const Variables& variables, std::string_view base) const {
  std::string url;
  url.reserve(base.size() + kUsualSize);
  url += base;
  for (const auto& parts : segments_)
    if (auto failure = append_segment(url, parts, variables)) return *failure;
  auto before_pairs = url.size();
  for (const auto& parts : pairs_)
    if (auto failure = append_pair(url, url.size() == before_pairs ? '?' : '&', parts, variables)) return *failure;
  return url;
}

std::vector<std::string> UrlTemplate::identifiers() const {
  std::vector<std::string> found;
  for (const auto* all : {&segments_, &pairs_})
    for (const auto& parts : *all)
      for (const auto& part : parts)
        if (part.variable && part.variable->source == Variable::Source::identifier)
          found.push_back(part.variable->name);
  return found;
}

std::optional<std::string> read_base_url(std::string_view text, std::string_view at, Problems& problems) {
  auto wrong = [&](std::string_view why) {
    problems.add(at, why);
    return std::nullopt;
  };
  auto host = text.starts_with("https://") ? text.substr(8) : text.starts_with("http://") ? text.substr(7) : "";
  auto authority = host.substr(0, host.find_first_of("/?#"));
  if (authority.empty()) return wrong("write an absolute URL, \"https://api.example.com/v1\"");
  if (authority.find('@') != authority.npos)
    return wrong("it must hold no user or password: write them under \"basic\" or \"headers\"");
  if (text.find_first_of("?#") != text.npos)
    return wrong("it must end before any ? or #: those belong to a section's url");
  auto plain = [](char c) { return is_alnum(c) || std::string_view("-.:[]_").find(c) != std::string_view::npos; };
  if (!std::all_of(authority.begin(), authority.end(), plain))
    return wrong("the host must be plain ASCII, without variables (write xn--… for other letters)");
  auto path = host.substr(authority.size());
  for (auto segment : split(path, '/'))
    if (has_step(segment)) return wrong("\".\" and \"..\" can't be segments of a path: write where it leads");
  auto before = problems.text().size();
  check_literal(path, at, problems);
  if (problems.text().size() != before) return std::nullopt;
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

} // namespace plugboard::rest
