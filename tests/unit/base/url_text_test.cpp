#include "core/base/url_text.hpp"

#include <gtest/gtest.h>

namespace plugboard {
namespace {

TEST(UrlTextTest, EscapesAllButTheUnreserved) {
  EXPECT_EQ(url_escaped("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(url_escaped("a b+c/%\n"), "a%20b%2Bc%2F%25%0A");
  EXPECT_EQ(url_escaped("é"), "%C3%A9");
}

TEST(UrlTextTest, GivesBackWhatWasEscaped) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(url_unescaped(url_escaped(all)), all);
  EXPECT_EQ(url_unescaped("a%2fb%2Fc"), "a/b/c");
}

TEST(UrlTextTest, RefusesBrokenEscapes) {
  for (const char* broken : {"%", "%4", "a%", "a%4", "%4g", "%g4", "%+4", "%-1", "%0x"})
    EXPECT_FALSE(url_unescaped(broken)) << broken;
}

TEST(UrlTextTest, APlusIsABlankInAFormAlone) {
  EXPECT_EQ(url_unescaped("a+b%2Bc"), "a+b+c");
  EXPECT_EQ(form_unescaped("a+b%2Bc"), "a b+c");
}

} // namespace
} // namespace plugboard
