// The built library itself, opened as a hub opens it.
#include <plugboard/testkit.hpp>

#include <dlfcn.h>
#include <gtest/gtest.h>

namespace plugboard::sql {
namespace {

TEST(PublishedTest, AnswersThroughItsOneSymbol) {
  void* library = ::dlopen(SQL_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << ::dlerror();
  auto* entry = reinterpret_cast<decltype(&plugboard_connector_entry_v1)>(::dlsym(library, PLUGBOARD_ENTRY_SYMBOL));
  ASSERT_NE(entry, nullptr);
  const auto* table = entry();
  EXPECT_STREQ(table->name, "sql");
  EXPECT_STREQ(table->version, "1.0.0");
  testkit::FakeHost host;
  host.files().grant_folder("data/", "/nowhere/");
  testkit::Running running(host, table, R"({"database": {"sqlite": "data/shop.db"}, "sections": {"contact":
    {"shape": "contact/v1", "needs": [["email"]], "query": "SELECT 1 AS customer_id WHERE 'x' = :email"}}})");
  EXPECT_EQ(running.lookup({.identifiers = {{"email", "x"}}}).wait().status, Status::unreachable);
}

} // namespace
} // namespace plugboard::sql
