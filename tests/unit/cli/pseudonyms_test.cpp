#include "core/cli/pseudonyms.hpp"

#include <gtest/gtest.h>

#include <cctype>

namespace plugboard::cli {
namespace {

class PseudonymsTest : public testing::Test {
 protected:
  std::string through(std::string_view body) { // looked through, then written
    const auto document = json::read_document(body, false);
    EXPECT_TRUE(document.faults.empty()) << body;
    pseudonyms.look_through(document.tree);
    return pseudonyms.of_json(document.tree);
  }

  SeededRandom random{7};
  Pseudonyms pseudonyms{random};
};

std::string form_of(std::string text) {
  for (char& c : text)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      c = std::isupper(static_cast<unsigned char>(c)) != 0 ? 'A' : 'a';
    else if (std::isdigit(static_cast<unsigned char>(c)) != 0)
      c = '9';
  return text;
}

TEST_F(PseudonymsTest, KeepTheFormOfAValue) {
  for (const char* value : {"Grace Hopper", "+46701234512", "SE45-5000", "4111 1111 1111 1111", "7"}) {
    pseudonyms.replace(value);
    const auto other = pseudonyms.of_value(value);
    EXPECT_EQ(form_of(other), form_of(value));
    EXPECT_EQ(other, pseudonyms.of_value(value)) << "the same each time";
  }
  EXPECT_NE(pseudonyms.of_value("Grace Hopper"), "Grace Hopper");
  pseudonyms.replace("grace.hopper@navy.example");
  EXPECT_EQ(pseudonyms.of_value("grace.hopper@navy.example").substr(12), "@example.com");
  pseudonyms.replace("1906-12-09");
  const auto date = pseudonyms.of_value("1906-12-09");
  EXPECT_EQ(form_of(date), "9999-99-99");
  EXPECT_LE(date.substr(5, 2), "12");
  EXPECT_LE(date.substr(8, 2), "28");
}

TEST_F(PseudonymsTest, AreTakenForWhatNamesAndFormsTell) {
  const auto text = through(
      R"({"fullName": "Grace Hopper", "customerId": 81023, "birthDate": "1906-12-09", "seen": "call +1 202 555 0143",
                                "plan": "gold", "valid": "yes", "amount": 129900, "at": "2026-11-22T18:00:00Z"})");
  for (const char* own : {"Grace", "Hopper", "81023", "1906-12-09", "555"})
    EXPECT_EQ(text.find(own), std::string::npos) << own << " in " << text;
  for (const char* kept : {"\"plan\":\"gold\"", "\"valid\":\"yes\"", "129900", "2026-11-22T18:00:00Z"})
    EXPECT_NE(text.find(kept), std::string::npos) << kept << " in " << text;
}

TEST_F(PseudonymsTest, AreTakenInDoubt) {
  const auto text = through(R"({"line": "Tel +46701234512", "msisdn": 46701234513, "ada@shop.example": {"seats": 250},
                                "at": "2026-11-22T18:00:00.123Z", "since": 1767225600})");
  for (const char* own : {"46701234512", "46701234513", "ada@"})
    EXPECT_EQ(text.find(own), std::string::npos) << own << " in " << text;
  for (const char* kept : {"\"seats\":250", "2026-11-22T18:00:00.123Z", "1767225600"})
    EXPECT_NE(text.find(kept), std::string::npos) << kept << " in " << text;
}

TEST_F(PseudonymsTest, FitTogetherWhereverAValueStands) {
  pseudonyms.replace("ada@shop.example");
  const auto other = pseudonyms.of_value("ada@shop.example");
  EXPECT_EQ(pseudonyms.of_url("https://crm.example/v2/ada%40shop.example/x?email=ada@shop.example&page=2"),
            "https://crm.example/v2/" + other.substr(0, 3) + "%40example.com/x?email=" + other.substr(0, 3) +
                "%40example.com&page=2");
  pseudonyms.replace("Ada Byron");
  EXPECT_EQ(through(R"({"a": ["ada@shop.example", "dear Ada Byron!"]})"),
            R"({"a":[")" + other + R"(","dear )" + pseudonyms.of_value("Ada Byron") + R"(!"]})");
  EXPECT_EQ(pseudonyms.of_text("<to>ada@shop.example</to>"), "<to>" + other + "</to>");
}

TEST_F(PseudonymsTest, AreOthersInAnotherRecording) {
  SeededRandom another{8};
  Pseudonyms elsewhere(another);
  pseudonyms.replace("Grace Hopper");
  elsewhere.replace("Grace Hopper");
  EXPECT_NE(pseudonyms.of_value("Grace Hopper"), elsewhere.of_value("Grace Hopper"));
}

TEST_F(PseudonymsTest, ReadForms) {
  pseudonyms.look_through_form("grant_type=client_credentials&client_secret=s3cr3t%2Fs3cr3t&page=2");
  const auto form = pseudonyms.of_form("grant_type=client_credentials&client_secret=s3cr3t%2Fs3cr3t&page=2");
  EXPECT_TRUE(form.starts_with("grant_type=client_credentials&client_secret=")) << form;
  EXPECT_TRUE(form.ends_with("&page=2")) << form;
  EXPECT_EQ(form.find("s3cr3t"), std::string::npos);
}

} // namespace
} // namespace plugboard::cli
