// The body of a back-channel logout: what is taken from it is one value, and the only one of its name.
#include "core/api/logout_form.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {

void fuzz(std::string_view input) {
  constexpr std::string_view kName = "logout_token=";
  const auto token = api::logout_token_in(input);
  if (!token) return require(!token.error().message.empty(), "a refusal says why");
  require(!token->empty() && token->find_first_of("&=%+ ") == token->npos, "a token is one value");
  const auto at = input.find(kName);
  require(at != input.npos, "it stands under its name");
  require(input.data() <= token->data() && token->data() + token->size() <= input.data() + input.size(), "and there");
}

} // namespace plugboard::fuzz
