// The table of the admin API's calls and their published description: neither says what the other does not.
#include "core/api/admin_route.hpp"
#include "core/api/openapi.hpp"
#include "tests/support/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace plugboard::api {
namespace {

using test::Json;

std::string pointer_to(std::string key) {
  for (auto at = key.find('/'); at != std::string::npos; at = key.find('/', at + 2)) key.replace(at, 1, "~1");
  return "/paths/" + key;
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
  return small;
}

std::set<std::string> braces_in(std::string_view path) {
  std::set<std::string> names;
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1))
    names.emplace(path.substr(open + 1, path.find('}', open) - open - 1));
  return names;
}

class AdminRoutesTest : public testing::Test {
 protected:
  // Names of the parameters that stand in the path or the query.
  std::set<std::string> parameters(const std::string& operation, const std::string& in) const {
    std::set<std::string> names;
    if (!document.has(operation + "/parameters")) return names;
    for (std::size_t i = 0; i < document.size(operation + "/parameters"); ++i) {
      auto at = operation + "/parameters/" + std::to_string(i);
      if (document.has(at + "/$ref")) at = document.text(at + "/$ref").substr(1);
      if (document.text(at + "/in") == in) names.insert(document.text(at + "/name"));
    }
    return names;
  }

  const Json document = Json::parse(admin_openapi_document());
};

TEST_F(AdminRoutesTest, AreAllDescribedAsTheyAre) {
  for (const auto& route : admin_routes()) {
    SCOPED_TRACE(std::string(route.method) + " " + std::string(route.path));
    const auto operation = pointer_to(std::string(route.path)) + "/" + lower(route.method);
    ASSERT_TRUE(document.has(operation));
    EXPECT_EQ(document.text(operation + "/x-plugboard-role"), name_of(route.role));
    EXPECT_EQ(document.text(operation + "/x-plugboard-reach"), route.reach == Reach::hub ? "hub" : "tenant");
    EXPECT_EQ(parameters(operation, "query"), std::set<std::string>(route.query.begin(), route.query.end()));
    EXPECT_EQ(parameters(operation, "path"), braces_in(route.path));
    for (const auto* status : {"400", "401", "403", "404", "405"})
      EXPECT_TRUE(document.has(operation + "/responses/" + status)) << status;
  }
}

TEST_F(AdminRoutesTest, HaveADescriptionOfNothingElse) {
  std::set<std::pair<std::string, std::string>> known;
  for (const auto& route : admin_routes()) known.emplace(route.path, lower(route.method));
  for (const auto& path : document.names("/paths"))
    for (const auto& method : document.names(pointer_to(path)))
      EXPECT_TRUE(known.contains({path, method}))
          << method << " " << path << " is described, and there is no such call";
}

TEST_F(AdminRoutesTest, AreEachThereOnceAndInOrder) {
  std::vector<std::string_view> paths;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& route : admin_routes()) {
    paths.push_back(route.path);
    EXPECT_TRUE(seen.emplace(route.path, route.method).second) << route.method << " " << route.path;
    EXPECT_NE(route.page, nullptr);
  }
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end()));
}

} // namespace
} // namespace plugboard::api
