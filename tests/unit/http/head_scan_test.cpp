#include "core/http/head_scan.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

TEST(HeadScanTest, FindsTheEndAtEverySplit) {
  const std::string_view bytes = "GET / HTTP/1.1\r\nHost: h\r\n\r\nbody";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    HeadScan scan;
    auto taken = scan.feed(bytes.substr(0, cut));
    if (scan.found() == HeadScan::Found::nothing_yet) taken += scan.feed(bytes.substr(cut));
    EXPECT_EQ(scan.found(), HeadScan::Found::end) << cut;
    EXPECT_EQ(taken, bytes.size() - 4) << cut;
  }
}

TEST(HeadScanTest, NoticesBadBytesAtOnce) {
  for (const std::string_view bytes : {"GET / HTTP/1.1\n", "a\rb", "a\r\r", "a\x01", "a\x7f", "\r\n\rx"}) {
    HeadScan scan;
    EXPECT_EQ(scan.feed(bytes), bytes.size()) << bytes;
    EXPECT_EQ(scan.found(), HeadScan::Found::bad_byte) << bytes;
  }
}

TEST(HeadScanTest, AllowsTabsAndHighBytes) {
  HeadScan scan;
  scan.feed("X-A: a\tb\xc3\xa9\r\n");
  EXPECT_EQ(scan.found(), HeadScan::Found::nothing_yet);
}

} // namespace
} // namespace plugboard::http
