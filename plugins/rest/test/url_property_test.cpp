// Whatever bytes an identifier or a parameter holds, the URL keeps the structure that the operator wrote.
#include "plugins/rest/test/support.hpp"
#include "plugins/rest/url_template.hpp"

#include <random>

namespace plugboard::rest::test {
namespace {

using namespace std::string_view_literals;

struct Structure { // as RFC 3986 reads it, by other code than the plugin's
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> pairs;
};

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
    } else {
      plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
  }
  return plain;
}

Structure parse(std::string_view url) {
  Structure read;
  auto question = url.find('?');
  auto path = url.substr(0, question);
  for (std::size_t at = 1; at <= path.size();) {
    auto end = std::min(path.find('/', at), path.size());
    read.segments.push_back(decoded(path.substr(at, end - at)));
    at = end + 1;
  }
  while (question < url.size()) {
    auto end = std::min(url.find('&', question + 1), url.size());
    auto pair = url.substr(question + 1, end - question - 1);
    auto equals = pair.find('=');
    read.pairs.emplace_back(pair.substr(0, equals), decoded(pair.substr(equals + 1)));
    question = end;
  }
  return read;
}

std::string random_bytes(std::mt19937& random) {
  constexpr std::string_view kNasty = "./\\?#&=%{}:;@+ \r\n\t\0\"'<>|^`~2eEfF"sv;
  std::string bytes;
  auto size = 1 + random() % 12;
  for (std::size_t i = 0; i < size; ++i)
    bytes += random() % 3 ? kNasty[random() % kNasty.size()] : static_cast<char>(random() % 256);
  return bytes;
}

bool is_plain(std::string_view url) {
  return url.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%/?&=") == url.npos;
}

TEST(UrlPropertyTest, NoValueChangesTheStructure) {
  Problems problems;
  auto url = UrlTemplate::read("/v1/c/{customer_id}/orders/x{email}?q={customer_id}&fixed=1&p={params.p}",
                               Vocabulary{{"customer_id", "email"}}, "", problems);
  ASSERT_EQ(problems.text(), "");
  std::mt19937 random(20'26);
  int refused = 0;
  for (int i = 0; i < 50'000; ++i) {
    auto id = random_bytes(random), email = random_bytes(random);
    Asking asking(
        {.section = "s", .identifiers = {{"customer_id", id}, {"email", email}}, .params = R"({"p":"a/b&c=#"})"});
    auto made = url.expand(asking.variables());
    if (!made) {
      ++refused;
      ASSERT_TRUE((id + "/x" + email).find('.') != std::string::npos) << "only steps are refused";
      continue;
    }
    ASSERT_TRUE(is_plain(*made)) << *made;
    auto read = parse(*made);
    ASSERT_EQ(read.segments, (std::vector<std::string>{"v1", "c", id, "orders", "x" + email})) << *made;
    ASSERT_EQ(read.pairs,
              (std::vector<std::pair<std::string, std::string>>{{"q", id}, {"fixed", "1"}, {"p", "a/b&c=#"}}));
    for (const auto& segment : read.segments) ASSERT_TRUE(segment != "." && segment != "..") << *made;
  }
  EXPECT_GT(refused, 0) << "the bytes tried hold no steps at all";
  EXPECT_LT(refused, 25'000);
}

} // namespace
} // namespace plugboard::rest::test
