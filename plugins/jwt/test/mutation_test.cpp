// A good token, changed at random a hundred thousand times: none may be taken, none may harm. From a fixed seed.
#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/test/shop.hpp"

#include <gtest/gtest.h>

#include <random>

namespace jwt::test {
namespace {

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  // The token with one to four changes; never the token itself.
  std::string changed(const std::string& token, const std::string& other) {
    std::string made = token;
    while (made == token)
      for (auto changes = below(4) + 1; changes > 0; --changes) change(made, other);
    return made;
  }

  // The same in the bytes under one of the first two parts: base64url stays sound, so the change gets further.
  std::string changed_inside(const std::string& token, const std::string& other) {
    auto first = token.find('.'), second = token.rfind('.');
    bool head = below(2) == 0;
    auto part = head ? token.substr(0, first) : token.substr(first + 1, second - first - 1);
    auto bytes = *decode_base64url(part);
    auto fresh = encode_base64url(changed(bytes, other));
    return head ? fresh + token.substr(first) : token.substr(0, first + 1) + fresh + token.substr(second);
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  void change(std::string& text, const std::string& other) {
    if (text.empty()) text = ".";
    auto at = below(text.size());
    auto length = below(std::min<std::size_t>(16, text.size() - at)) + 1;
    switch (below(7)) {
    case 0:
      text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ 1u << below(8));
      break;
    case 1:
      text[at] = "ABCDwxyz0189-_.=\"{}[]:,\\"[below(24)];
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, text.substr(below(text.size()), length));
      break;
    case 4:
      std::swap(text[at], text[below(text.size())]);
      break;
    case 5:
      text.insert(at, other.substr(below(other.size()), length));
      break;
    case 6:
      text.replace(at, length, other.substr(below(other.size()), length));
      break;
    }
  }

  std::mt19937 random_;
};

void expect_none_taken(const std::string& good, const std::string& other, std::uint32_t seed, int count) {
  auto verifier = shop_verifier();
  ASSERT_TRUE(verifier->verify(good));
  Mutator mutator(seed);
  for (int i = 0; i < count; ++i) {
    auto token = i % 2 ? mutator.changed(good, other) : mutator.changed_inside(good, other);
    if (token == other) continue;
    ASSERT_FALSE(verifier->verify(token)) << "seed " << seed << ", " << i << ": " << token;
  }
}

TEST(MutationTest, NoChangedTokenIsTaken) {
  auto claims = ClaimsText{.more = R"("email":"ada@b.example","amr":["pwd","otp"],"nested":{"a":[1,2.5e3,null]})"};
  const auto& keys = shop_keys();
  auto chat = chat_token(claims), login = login_token(claims);
  expect_none_taken(chat, login, 1, 55'000);
  expect_none_taken(keys.rsa().token("RS256", header("RS256", "rsa"), claims.text()), chat, 2, 25'000);
  expect_none_taken(login, chat, 3, 10'000);
  expect_none_taken(keys.ed.token("EdDSA", header("EdDSA", "ed"), claims.text()), chat, 4, 10'000);
}

TEST(MutationTest, NoChangedKeySetHarms) {
  auto good = login_jwks();
  Mutator mutator(5);
  int taken = 0;
  for (int i = 0; i < 5'000; ++i) {
    auto read = read_jwks(mutator.changed(good, R"({"kty":"oct","alg":"none","k":"AAAA"})"), public_key_algorithms());
    if (read) taken += read->keys.size() <= 5;
  }
  EXPECT_GT(taken, 0) << "some changes do no more than lose a key";
}

} // namespace
} // namespace jwt::test
