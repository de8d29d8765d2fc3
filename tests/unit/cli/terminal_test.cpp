#include "core/cli/terminal.hpp"

#include <gtest/gtest.h>

namespace plugboard::cli {
namespace {

TEST(TerminalTest, PaintsOnlyWhereColoursAreShown) {
  Terminal plain;
  EXPECT_EQ(plain.paint(Colour::red, "no"), "no");
  Terminal coloured;
  coloured.colours = true;
  EXPECT_EQ(coloured.paint(Colour::red, "no"), "\x1b[31mno\x1b[0m");
}

TEST(TerminalTest, ShowsControlCharactersInsteadOfObeyingThem) {
  EXPECT_EQ(harmless("a\x1b[2Jb\r\n\x7f"), "a\\x1b[2Jb\\x0d\\x0a\\x7f");
  EXPECT_EQ(harmless("Björn"), "Björn");
}

TEST(TerminalTest, CountsColumnsByCharactersNotBytes) {
  EXPECT_EQ(columns("Björn"), 5u);
  EXPECT_EQ(padded("å", 3), "å  ");
  EXPECT_EQ(padded("long enough", 3), "long enough");
}

TEST(TerminalTest, LinesUpATable) {
  Terminal plain;
  EXPECT_EQ(table({"name", "what"}, {{"ö", "first"}, {"longer", "second"}}, plain), "name    what\n"
                                                                                    "ö       first\n"
                                                                                    "longer  second\n");
}

} // namespace
} // namespace plugboard::cli
