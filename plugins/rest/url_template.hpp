// The URL of a section: its path and query with variables. A value can change neither: everything but unreserved
// characters is percent-encoded, and what would be a step in a path is refused. Immutable; expand() on any thread.
#pragma once

#include "plugins/rest/variables.hpp"

namespace plugboard::rest {

class UrlTemplate {
 public:
  // text: "/path?query", appended to the base URL. What is wrong is added to the problems.
  static UrlTemplate read(std::string_view text, const Vocabulary& vocabulary, std::string_view at, Problems& problems);

  // "/path?query". A query pair whose variable has no value is left out; in a path that is a failure.
  Result<std::string> expand(const Variables& variables, std::string_view base = {}) const; // appended to the base
  std::vector<std::string> identifiers() const;                                             // those it names

 private:
  struct Part { // either
    std::string literal;
    std::optional<Variable> variable;
  };

  using Parts = std::vector<Part>;

  static Parts read_parts(std::string_view text, const Vocabulary& vocabulary, std::string_view at, Problems& problems);
  static std::optional<Failure> append_segment(std::string& url, const Parts& parts, const Variables& variables);
  static std::optional<Failure> append_pair(std::string& url, char before, const Parts& parts,
                                            const Variables& variables);

  std::vector<Parts> segments_; // between the slashes of the path
  std::vector<Parts> pairs_;    // between the ampersands of the query
};

// "https://host:port/path" without query, fragment, user or variables. Nothing, and a problem, when it is not that.
std::optional<std::string> read_base_url(std::string_view text, std::string_view at, Problems& problems);

} // namespace plugboard::rest
