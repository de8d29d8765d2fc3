// Other values in place of people's own and of secrets, each always by the same other, of the same form: so that what
// was recorded can lie beside a plugin's sources, and still fits together. What is personal is told by the names of
// members and the forms of values, and in doubt it is. The others can't be turned back: they come of random bytes that
// nobody keeps. One a recording. [one thread]
#pragma once

#include "core/base/random.hpp"
#include "core/base/secret.hpp"
#include "core/json/document.hpp"

#include <map>
#include <string>
#include <string_view>

namespace plugboard::cli {

class Pseudonyms {
 public:
  explicit Pseudonyms(Random& random);

  void replace(std::string_view value);           // from now on
  void look_through(const json::TreeValue& body); // for values to be replaced
  void look_through_form(std::string_view form);  // "email=ada%40example.com&page=2", of a query or a body

  std::string of_value(std::string_view value) const; // as it is, where it is none of them
  std::string of_url(std::string_view url) const;
  std::string of_form(std::string_view form) const;
  std::string of_json(const json::TreeValue& body) const;
  std::string of_text(std::string text) const; // what is neither: wherever they stand in it

 private:
  std::string other_for(std::string_view value) const;

  Secret key_;
  std::map<std::string, std::string, std::less<>> others_; // by value
};

} // namespace plugboard::cli
