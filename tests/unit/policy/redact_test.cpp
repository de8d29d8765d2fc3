#include "tests/unit/policy/rules.hpp"

#include "core/json/reader.hpp"

#include <random>

namespace plugboard::policy {
namespace {

using testing::asker;
using testing::left;
using testing::policy_of;

const std::string kAll = R"([{"sections": ["*"]}])";

TEST(RedactTest, LeavesTheBytesAsTheyAreWhereAllMayLeave) {
  EXPECT_FALSE(policy_of(kAll)->view(asker(), 0).is_whole()) << "extra is open, and unknown fields are dropped";
  const std::string data = R"( { "id" : "1", "score":1.50e0 , "emails":[ {"address" : "a@b"} ] } )";
  EXPECT_EQ(left(kAll, data), data.substr(1, data.size() - 2));
}

TEST(RedactTest, RemovesMembersWithTheirCommasAndNothingElse) {
  const std::string rules = R"([{"sections": ["*"], "fields": ["/id", "/vip"]}])";
  EXPECT_EQ(left(rules, R"({"id":"1","name":"Leo","vip":true})"), R"({"id":"1","vip":true})");
  EXPECT_EQ(left(rules, R"({"name":"Leo","id":"1","vip":true})"), R"({"id":"1","vip":true})");
  EXPECT_EQ(left(rules, R"({"id":"1","vip":true,"name":"Leo"})"), R"({"id":"1","vip":true})");
  EXPECT_EQ(left(rules, R"({ "name" : "Leo" , "id" : "1" , "born":"x" , "vip" : true })"),
            R"({ "id" : "1" , "vip" : true })");
  EXPECT_EQ(left(rules, R"({"name":"Leo"})"), "{}");
  EXPECT_EQ(left(rules, R"({"\u0069d":"1","na\u006de":"x"})"), R"({"\u0069d":"1"})") << "a name is what it says";
}

TEST(RedactTest, DropsWhatIsLeftHollow) {
  const std::string rules = R"([{"sections": ["*"], "fields": ["/address/city", "/emails/*/kind", "/id"]}])";
  EXPECT_EQ(left(rules, R"({"id":"1","address":{"street":"x"}})"), R"({"id":"1"})") << "as if it did not exist";
  EXPECT_EQ(left(rules, R"({"address":{"street":"x","city":"Lund"}})"), R"({"address":{"city":"Lund"}})");
  EXPECT_EQ(left(rules, R"({"address":{},"id":"1"})"), R"({"address":{},"id":"1"})") << "what came empty stays so";
  EXPECT_EQ(left(rules, R"({"emails":[{"address":"a@b"},{"kind":"work","address":"c@d"}]})"),
            R"({"emails":[{},{"kind":"work"}]})")
      << "an element keeps its place";
}

TEST(RedactTest, TakesNoOtherKindOfValueThanTheFieldsNamed) {
  const std::string rules = R"([{"sections": ["misc.*"], "fields": ["/a/b", "/list/*/c"]}])";
  EXPECT_EQ(left(rules, R"({"a":"secret","list":["x",1,{"c":2}]})", 2), R"({"list":[{"c":2}]})");
  EXPECT_EQ(left(rules, R"({"a":["secret"],"list":{"c":2}})", 2), "{}");
  EXPECT_EQ(left(rules, R"({"a":{"b":{"anything":[1]}}})", 2), R"({"a":{"b":{"anything":[1]}}})");
}

TEST(RedactTest, DropsWhatTheShapeDoesNotKnowUnlessItIsAllowed) {
  const std::string data = R"({"id":"1","extra":{"x":1,"y":{"z":2}}})";
  EXPECT_EQ(left(kAll, data), R"({"id":"1"})");
  EXPECT_EQ(left(R"([{"sections": ["*"], "unknown_fields": "pass"}])", data), data);
  EXPECT_EQ(left(R"([{"sections": ["*"], "fields": ["/extra/y"]}])", data), R"({"extra":{"y":{"z":2}}})");
  EXPECT_EQ(left(R"([{"sections": ["*"], "fields": ["/extra"]}])", data), "") << "known, and nothing that is in it";
  EXPECT_EQ(left(R"([{"sections": ["*"], "fields": ["/extra/*"]}])", data), "") << "a star names nothing";
  EXPECT_EQ(left(R"([{"sections": ["*"], "fields": ["/labels"]}])", R"({"labels":{"a":"x","b":"y"}})"),
            R"({"labels":{"a":"x","b":"y"}})");
  EXPECT_EQ(left(R"([{"sections": ["*"], "fields": ["/labels/a"]}])", R"({"labels":{"a":"x","b":"y"}})"),
            R"({"labels":{"a":"x"}})");
}

TEST(RedactTest, Masks) {
  const auto masks = [](const std::string& mask) { return R"([{"sections": ["*"], "masks": )" + mask + "}]"; };
  EXPECT_EQ(left(masks(R"({"/name": "last4"})"), R"({"name":"+46701234567","id":"1"})"),
            R"({"name":"****4567","id":"1"})");
  EXPECT_EQ(left(masks(R"({"/name": "last4"})"), R"({"name":"abcdefg"})"), R"({"name":"****"})")
      << "too short to show four";
  EXPECT_EQ(left(masks(R"({"/name": "last4"})"), R"({"name":"\u00e5\u00e4\u00f6åäö\"\\"})"),
            R"({"name":"****äö\"\\"})");
  EXPECT_EQ(left(masks(R"({"/born": "year_only"})"), R"({"born":"1987-03-02"})"), R"({"born":"1987"})");
  EXPECT_EQ(left(masks(R"({"/born": "year_only"})"), R"({"born":"1987"})"), R"({"born":"1987"})");
  EXPECT_EQ(left(masks(R"({"/born": "year_only"})"), R"({"born":"19870302","id":"1"})"), R"({"id":"1"})");
  EXPECT_EQ(left(masks(R"({"/born": "year_only"})"), R"({"born":"87","id":"1"})"), R"({"id":"1"})");
  EXPECT_EQ(left(masks(R"({"/name": "remove", "/tags/*": "remove"})"), R"({"name":"x","id":"1","tags":["a"]})"),
            R"({"id":"1"})");
  EXPECT_EQ(left(masks(R"({"/emails/*/address": "last4"})"), R"({"emails":[{"address":"leo@example.com"}]})"),
            R"({"emails":[{"address":"****.com"}]})");
  EXPECT_EQ(left(masks(R"({"/name": "last4"})"), R"({"name":null,"id":"1"})"), R"({"id":"1"})")
      << "no text can't be masked";
  EXPECT_EQ(left(masks(R"({"/name": "last4"})"), R"({"name":{"a":1},"id":"1"})"), R"({"id":"1"})");
  EXPECT_EQ(left(masks(R"({"/tags/*": "last4"})"), R"({"tags":[{"a":"b"},["c"],"abcdefgh"]})"),
            R"({"tags":["****efgh"]})")
      << "nor does it leave its place";
  EXPECT_EQ(left(masks(R"({"/name": "last4"})"), R"({"name":46701234567})"), R"({"name":"****4567"})");
}

TEST(RedactTest, HashesUnderAKeyAndForATenant) {
  const auto policy = policy_of(R"([{"sections": ["*"], "masks": {"/name": "hash"}}])");
  const auto first = left(policy->view(asker(), 0), R"({"name":"Leo"})");
  EXPECT_EQ(first.substr(0, 12), R"({"name":"k1:)");
  EXPECT_EQ(first.size(), std::string(R"({"name":"k1:"})").size() + 22);
  EXPECT_EQ(left(policy->view(asker(), 0), R"({"name":"L\u0065o"})"), first);
  auto elsewhere = asker();
  elsewhere.tenant = "other";
  EXPECT_NE(left(policy->view(elsewhere, 0), R"({"name":"Leo"})"), first);
  EXPECT_NE(left(policy->view(asker(), 0), R"({"name":"Lea"})"), first);
  auto keyless = policy->view(asker(), 0);
  keyless.pseudonyms = nullptr;
  EXPECT_EQ(left(keyless, R"({"name":"Leo","id":"1"})"), R"({"id":"1"})");
}

TEST(RedactTest, MasksAccountNumbersWhateverTheRules) {
  const auto without = std::make_shared<const Policy>(testing::sections());
  for (const auto& view : {without->view(asker(), 0), policy_of(kAll)->view(asker(), 0)}) {
    EXPECT_EQ(left(view, R"({"name":"pay 4111 1111 1111 1111 now"})"), R"({"name":"pay 4111 11** **** 1111 now"})");
    EXPECT_EQ(left(view, R"({"tags":["SE45 5000 0000 0583 9825 7466"]})"),
              R"({"tags":["SE45 **** **** **** **** 7466"]})");
    EXPECT_EQ(left(view, R"({"name":"\u00344111111111111111"})"), R"({"name":"\u00344111111111111111"})")
        << "17 digits";
    EXPECT_EQ(left(view, R"({"name":"\u0034111111111111111"})"), R"({"name":"411111******1111"})");
    EXPECT_EQ(left(view, R"({"name":"a\nb"})"), R"({"name":"a\nb"})");
    EXPECT_EQ(left(view, R"({"score":4111111111111111})"), R"({"score":"411111******1111"})");
  }
  const auto open = without->view(asker(), 2);
  EXPECT_TRUE(open.is_whole());
  EXPECT_EQ(left(open, R"({"a":{"4111111111111111":1,"b":[4111111111111111,true,null]}})"),
            R"({"a":{"b":["411111******1111",true,null]}})");
  EXPECT_EQ(left(R"([{"sections": ["*"], "masks": {"/name": "last4"}}])", R"({"name":"x 4111111111111111"})"),
            R"({"name":"****1111"})");
}

TEST(RedactTest, BaresAccountNumbersOnlyWhereARuleSaysSo) {
  const auto who = asker(Assurance::aal2);
  const std::string data = R"({"payments":[{"card":"4111111111111111","amount":1}]})";
  EXPECT_EQ(left(kAll, data, 1, who), R"({"payments":[{"card":"411111******1111","amount":1}]})");
  const std::string bare = R"({"sections": ["shop.*"], "masks": {"/payments/*/card": "none"}})";
  EXPECT_EQ(left("[" + bare + "]", data, 1, who), data);
  EXPECT_EQ(left(R"([{"sections": ["*"]}, )" + bare + "]", data, 1, who), data) << "the less masked counts";
  EXPECT_EQ(left(R"([{"sections": ["*"]}, {"purposes": ["fraud"], )" + bare.substr(1) + "]", data, 1, who),
            R"({"payments":[{"card":"411111******1111","amount":1}]})");
}

TEST(RedactTest, RefusesWhatIsNoJson) {
  const auto walk =
      policy_of(R"([{"sections": ["*"], "fields": ["/id", "/emails/*/kind", "/name"], "masks": {"/name": "last4"}}])")
          ->view(asker(), 0);
  const auto whole = std::make_shared<const Policy>(testing::sections())->view(asker(), 2);
  std::string out = "before";
  for (std::string_view bad : {"",
                               " ",
                               "{",
                               R"({"id)",
                               R"({"id")",
                               R"({"id":)",
                               R"({"id":"1")",
                               R"({"id":"1",)",
                               R"({"id":"1",})",
                               R"({"id" "1"})",
                               R"({1:2})",
                               R"({"id":1]})",
                               R"({"emails":[)",
                               R"({"emails":[{"kind":1})",
                               R"({"emails":[{}},})",
                               R"({"id":"1"}x)",
                               R"({"name":"\x"})",
                               R"({"name":"\ud800"})",
                               R"({"n\x":1})",
                               R"({"vip":})",
                               R"({"vip":,})",
                               "[1,]",
                               "}",
                               R"({"id":"1" "name":"x"})",
                               R"({"name":"\u12"})"})
    for (bool clean : {true, false}) {
      EXPECT_FALSE(append_redacted(out, walk, bad, clean)) << bad;
      EXPECT_EQ(out, "before") << bad;
    }
  std::string deep(100, '[');
  deep += std::string(100, ']');
  EXPECT_FALSE(append_redacted(out, whole, deep, false));
  EXPECT_FALSE(append_redacted(out, View(), "{}", true)) << "denied";
  EXPECT_EQ(out, "before");
}

// Whatever is in the data and whatever the rules say: what leaves is JSON, holds nothing but what may leave, stays as
// it is when it is redacted again, and is made of the bytes that came.
TEST(RedactTest, HoldsForAnyDataAndAnyRules) {
  std::mt19937 random(11);
  json::Reader reader;
  const std::vector<std::string> names{"id", "name", "emails", "address", "city", "x", "kind", "4111111111111111"};
  const std::vector<std::string> scalars{"1",
                                         "-2.50",
                                         "true",
                                         "null",
                                         R"("")",
                                         R"("a\"b")",
                                         R"("4111 1111 1111 1111")",
                                         R"("\u0034111111111111111")",
                                         "4111111111111111",
                                         R"("1987-01-01T00:00:00Z")"};
  const auto pick = [&](const auto& list) { return list[random() % list.size()]; };
  const auto space = [&] { return random() % 3 == 0 ? std::string(random() % 3, ' ') : std::string(); };
  std::function<std::string(int)> value = [&](int depth) -> std::string {
    const auto kind = depth == 0 ? 0 : depth == 4 ? 1 : random() % 3;
    if (kind == 1) return pick(scalars);
    std::string text(1, kind == 2 ? '[' : '{');
    auto left_names = names;
    std::shuffle(left_names.begin(), left_names.end(), random);
    const auto count = random() % 5;
    for (std::size_t i = 0; i < count; ++i) {
      text += (i ? "," : "") + space();
      if (kind != 2) text += "\"" + left_names[i] + "\"" + space() + ":" + space();
      text += value(depth + 1) + space();
    }
    return text + (kind == 2 ? ']' : '}');
  };
  const std::vector<std::string> fields{"/id",           "/name",   "/emails/*/kind", "/address",
                                        "/address/city", "/x/*/id", "/*/city"};
  for (int round = 0; round < 4000; ++round) {
    std::string rules =
        R"([{"sections": ["*"], "unknown_fields": ")" + std::string(random() % 4 ? "drop" : "pass") + "\"";
    std::vector<std::string> granted;
    if (random() % 5) {
      for (std::size_t i = random() % 3 + 1; i > 0; --i) granted.push_back(pick(fields));
      rules += R"(, "fields": [)";
      for (std::size_t i = 0; i < granted.size(); ++i) rules += (i ? ",\"" : "\"") + granted[i] + "\"";
      rules += "]";
    }
    if (random() % 2) rules += R"(, "masks": {"/name": "last4", "/address/city": "year_only"})";
    const auto policy = policy_of(rules + "}]");
    const auto view = policy->view(asker(), random() % 2 * 2);
    if (view.verdict != Verdict::allowed) continue;
    const auto data = value(0);
    const auto once = left(view, data);
    ASSERT_TRUE(reader.read(once)) << rules << "\n" << data << "\n" << once;
    ASSERT_EQ(left(view, once), once) << rules << "\n" << data;
    ASSERT_FALSE(once.find("4111111111111111") != std::string::npos) << once;
    if (granted.empty()) continue;
    // Nothing but the first names of what was granted.
    (*reader.read(once)).each_member([&](std::string_view key, json::Value) {
      ASSERT_TRUE(view.plan == nullptr || view.plan->root->kind == Plan::Kind::keep || view.plan->root->others ||
                  std::any_of(granted.begin(), granted.end(),
                              [&](const std::string& field) {
                                return field.starts_with("/*") || field == "/" + std::string(key) ||
                                       field.starts_with("/" + std::string(key) + "/");
                              }))
          << rules << "\n"
          << once;
    });
  }
}

} // namespace
} // namespace plugboard::policy
