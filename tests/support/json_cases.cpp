#include "tests/support/json_cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

namespace plugboard::test {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kAccepted[] = {
    // structures
    "{}", "[]", " [] ", "\r\n\t[1]\n", "null", "true", "false", "0", "\"\"", "[[[[[[]]]]]]",
    "{\"a\":{\"b\":{\"c\":{}}}}", "[null,true,false,0,\"\",[],{}]", "{\"a\" : 1 , \"b\" : [ 2 ] }", "[1\n]", "[\"\"]",
    // numbers
    "[-0]", "[0e1]", "[0E+1]", "[-1]", "[1.5]", "[-0.0]", "[1e5]", "[1E-5]", "[123.456e+7]", "[0.1]", "[1e-400]",
    "[9223372036854775807]", "[-9223372036854775808]", "[18446744073709551615]", "[9007199254740993]", "[1e22]",
    "[1.7976931348623157e308]", "[5e-324]", "[3.141592653589793238462643383279]",
    "[0.00000000000000000000000000000001]",
    // strings
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\uD834\\uDd1e\"", "\"é\"",
    "\"東京\"", "\"😀\"", "\"\u2028\u2029\"", "\"\x7f\"", "\"\xf4\x8f\xbf\xbf\"", "\"\xef\xbf\xbf\"", "\"\\\\u0000\"",
    "\"/ no end \\/\"", "\"\u0085\"", "\"\\uFFFF\"",
    // objects
    "{\"\":0}", "{\"a\":1,\"A\":2}", "{\"a\":1,\"a \":2}", "{\"\\u0000\":1}", "{\"a\":[{\"a\":1},{\"a\":2}]}",
    "{\"a\":{\"a\":1}}", "{\"\\\\\":1}", "{\"é\":1,\"e\u0301\":2}"};

constexpr std::string_view kRefused[] = {
    // structures
    "", " ", "[", "]", "{", "}", "[}", "{]", "[1", "{\"a\"", "{\"a\":", "{\"a\":1", "[[]", "[]]", "{}}", "[] []",
    "{}{}", "nul", "NULL", "True", "tru", "truee", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1;2]", "{\"a\":1,}",
    "{,\"a\":1}", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{\"a\":}", "{:1}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
    "{\"a\":1,,\"b\":2}", "// c\n1", "/* c */1", "[1]// c", "#1", "\v1", "\f1", "1\x00"sv, "[\x00]"sv, "\x00{}"sv,
    "{}\x00"sv, "\ufeff{}", "\u00a0[]", "\u2003[]", "<html>", "undefined", "[1}", "{\"a\":[}", "\xff\xfe{\x00}\x00"sv,
    // numbers
    "01", "-01", "+1", ".5", "-.5", "1.", "1.e1", "1e", "1e+", "1E-", "-", "--1", "0x10", "1_000", "1 000", "NaN",
    "-NaN", "Infinity", "-Infinity", "inf", "1e1.5", "1.2.3", "1e1e1", "0e", "1f", "١", "1,000", "[1e400]", "[-1e400]",
    "[18446744073709551616]", "[-9223372036854775809]", "[123456789012345678901234567890]", "[1e999999999999]",
    // strings
    "\"", "\"a", "a\"", "'a'", "\"\n\"", "\"\t\"", "\"\x00\""sv, "\"\x1f\"", "\"\\\"", "\"\\x41\"", "\"\\a\"",
    "\"\\u12\"", "\"\\u12G4\"", "\"\\U00e9\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"",
    "\"\\ud83d\\n\"", "\"\\ud83dx\"", "\"\\'\"", "\"\\0\"", "\"\\\n\"",
    // bytes that are no UTF-8
    "\"\x80\"", "\"\xc3\"", "\"\xc3(\"", "\"\xc0\x80\"", "\"\xc1\xbf\"", "\"\xe0\x80\x80\"", "\"\xe0\x9f\xbf\"",
    "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"", "\"\xf0\x80\x80\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xf8\x88\x80\x80\x80\"",
    "\"\xfe\"", "\"\xff\"", "\"\xe2\x82\"", "{\"\xff\":1}", "\xff", "[\xc3]",
    // a key twice, however it is written
    "{\"a\":1,\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"\":1,\"\":2}",
    "[{\"x\":{\"b\":1,\"c\":2,\"b\":3}}]", "{\"é\":1,\"\\u00e9\":2}"};

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

void add_limits(std::vector<JsonCase>& cases) {
  cases.push_back({"own depth 64", repeated("[", 64) + repeated("]", 64), true});
  cases.push_back({"own depth 65", repeated("[", 65) + repeated("]", 65), false});
  cases.push_back({"own depth 64 objects", repeated("{\"a\":", 64) + "1" + repeated("}", 64), true});
  cases.push_back({"own depth 65 objects", repeated("{\"a\":", 65) + "1" + repeated("}", 65), false});
  cases.push_back({"own depth 1e4", repeated("[", 10'000) + repeated("]", 10'000), false});
  cases.push_back({"own 1e5 elements", "[0" + repeated(",0", 99'999) + "]", true});
  cases.push_back({"own 1e5 + 1 elements", "[0" + repeated(",0", 100'000) + "]", false});
  cases.push_back({"own long string", "\"" + std::string(200'000, 'x') + "\"", true});
  cases.push_back({"own long number", "0." + std::string(20'000, '1'), true});
  cases.push_back({"own long integer", std::string(20'000, '1'), false});
}

} // namespace

std::vector<JsonCase> own_json_cases() {
  std::vector<JsonCase> cases;
  for (const auto text : kAccepted) cases.push_back({"own " + std::string(text), std::string(text), true});
  for (const auto text : kRefused) cases.push_back({"own " + std::string(text), std::string(text), false});
  add_limits(cases);
  return cases;
}

std::vector<JsonCase> documented_choices() { // rows like: | `i_number_huge_exp` | refused | why |
  std::vector<JsonCase> choices;
  std::ifstream page(JSON_README);
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `i_")) continue;
    const auto end = line.find('`', 3);
    choices.push_back({line.substr(3, end - 3) + ".json", {}, line.find("| accepted |", end) != std::string::npos});
  }
  return choices;
}

std::vector<JsonCase> json_test_suite() {
  static const std::set<std::string> kDuplicates = {"y_object_duplicated_key.json",
                                                    "y_object_duplicated_key_and_value.json"};
  std::vector<JsonCase> cases;
  if (!std::filesystem::is_directory(JSON_TEST_SUITE)) return cases;
  const auto choices = documented_choices();
  for (const auto& entry : std::filesystem::directory_iterator(JSON_TEST_SUITE)) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".json") continue;
    const auto chosen = std::find_if(choices.begin(), choices.end(), [&](const auto& one) { return one.name == name; });
    const bool accepted = name.starts_with("y_")
                              ? !kDuplicates.contains(name)
                              : name.starts_with("i_") && chosen != choices.end() && chosen->accepted;
    cases.push_back({name, content(entry.path()), accepted});
  }
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

} // namespace plugboard::test
