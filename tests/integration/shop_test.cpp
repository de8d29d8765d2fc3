// The main job, end to end, on a shop's own systems: customers in SQLite, invoices in PostgreSQL, tickets behind HTTP,
// the support representative found by an identifier that only the first of them knows. Every figure of the context is
// held against what the systems themselves say.
#include "tests/integration/hub_test.hpp"

#include "tests/support/postgres/postgres.hpp"
#include "tests/support/sqlite.hpp"

#include <filesystem>

namespace plugboard::test {
namespace {

std::string postgres_connector(const Postgres& server, const std::string& database, const std::string& sections) {
  return R"({"plugin": "sql", "isolation": "in_process", "config": {"database": {"postgres": {"host": "127.0.0.1",
    "port": )" +
         std::to_string(server.port()) + R"(, "dbname": ")" + database + R"(", "user": "postgres",
    "password": {"env": "LEDGER_PASSWORD"}}}, "time_zone": "UTC", "sections": )" +
         sections + R"(}, "grants": {"egress": ["tcp:127.0.0.1:)" + std::to_string(server.port()) + R"("]}})";
}

class ShopTest : public HubTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Postgres::installed()) << "PostgreSQL's server is not there; .ci/install tests installs it";
  }
};

constexpr const char* kCustomers = R"(
  PRAGMA journal_mode = wal;
  CREATE TABLE customer (id INTEGER PRIMARY KEY, first TEXT, last TEXT, mail TEXT, since TEXT, rep INTEGER, city TEXT);
  CREATE TABLE employee (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
  INSERT INTO customer VALUES (1001, 'Ada', 'Lövström', 'ada@shop.example', '2019-04-01 08:30:00', 7, 'Malmö'),
                              (1002, 'Bob', 'O''Hara', 'bob@shop.example', '2020-01-01 00:00:00', 8, NULL);
  INSERT INTO employee VALUES (7, 'Jane Peacock', '+46 40 123 45 67'), (8, 'Steve Johnson', NULL);)";

constexpr const char* kInvoices = R"(
  CREATE TABLE invoice (id bigint PRIMARY KEY, customer bigint, made timestamp, total numeric(12, 2), state text);
  INSERT INTO invoice SELECT i, 1000 + i % 3, timestamp '2026-01-01' + i * interval '37 hours', i * 1299.95,
    CASE WHEN i % 2 = 0 THEN 'paid' ELSE 'open' END FROM generate_series(1, 60) AS i;)";

constexpr const char* kCrm = R"({"contact": {"shape": "contact/v1", "needs": [["email"]],
    "yields": {"customer_id": {"column": "customer_id", "verified": true}, "crm.rep": {"column": "rep"}},
    "echo": {"/emails/0/address": "email"},
    "query": "SELECT CAST(id AS TEXT) AS customer_id, first AS given_name, last AS family_name, mail AS \"emails.0.address\", since AS customer_since, city AS \"address.city\", rep FROM customer WHERE mail = :email COLLATE NOCASE"}})";

constexpr const char* kStaff = R"({"rep": {"shape": "record/v1", "needs": [["crm.rep"]],
    "query": "SELECT name AS \"name\", phone AS \"phone\" FROM employee WHERE id = :crm.rep"}})";

constexpr const char* kLedger = R"json({"invoices": {"shape": "payments/v1", "needs": [["customer_id"]],
    "echo": {"/customer_id": "customer_id"},
    "query": "SELECT id::text AS id, 'invoice' AS kind, state AS status, (total * 100)::bigint AS \"amount.amount_minor\", 'SEK' AS \"amount.currency\", made AS created_at, customer::text AS \"/customer_id\" FROM invoice WHERE customer = :customer_id::bigint ORDER BY made DESC LIMIT coalesce(:params.limit::bigint, 100)"}})json";

TEST_F(ShopTest, GivesOneContextOfSqlitePostgresAndHttp) {
  Postgres server;
  server.run(kInvoices);
  Upstream desk;
  desk.on("/v2/tickets", [](const UpstreamRequest& request) {
    if (request.headers.at("authorization") != "Bearer the-desk's-own-token") return UpstreamReply{.status = 401};
    return UpstreamReply{
        .body = R"({"for": "1001", "items": [{"no": 41, "subject": "Where is it?", "state": "OPEN", "at": 1767225600},
                                     {"no": 40, "subject": "Thanks", "state": "DONE", "at": 1764547200}]})"};
  });
  HubConfig config;
  config.environment["LEDGER_PASSWORD"] = Postgres::kPassword;
  config.environment["DESK_TOKEN"] = "the-desk's-own-token";
  config.add("crm", sqlite_connector("data/shop.db", kCrm, R"("time_zone": "UTC", )"));
  config.add("staff", sqlite_connector("data/shop.db", kStaff));
  config.add("ledger", postgres_connector(server, "postgres", kLedger));
  auto tickets = rest_connector(desk.port(), R"({"open": {"shape": "tickets/v1", "needs": [["customer_id"]],
    "echo": {"/customer_id": "customer_id"}, "url": "/v2/tickets?of={customer_id}", "mapping": {"customer_id": "/for",
      "tickets": {"each": "/items", "map": {"id": {"from": "/no", "as": "string"}, "subject": "/subject",
        "status": {"from": "/state", "table": {"OPEN": "open", "DONE": "closed"}},
        "created_at": {"from": "/at", "as": "unix_seconds"}}}}}})");
  tickets.insert(tickets.find(R"("base_url")"),
                 R"("headers": {"Authorization": {"prefix": "Bearer ", "value": {"env": "DESK_TOKEN"}}}, )");
  config.add("tickets", tickets);
  auto& hub = prepare(config);
  hub.keep_secret("the-desk's-own-token");
  hub.keep_secret(Postgres::kPassword);
  hub.keep_secret("Peacock");
  std::filesystem::create_directory(hub.folder() / "data");
  const auto file = hub.folder() / "data/shop.db";
  run_sqlite(file, kCustomers);
  ASSERT_TRUE(hub.start()) << hub.raw_log();

  // The session brings an address alone: the customer's number comes out of crm.contact.
  auto context =
      hub.context(hub.session({.email = "Ada@Shop.example", .customer_id = ""}), R"(, "deadline_ms": 15000)");
  EXPECT_TRUE(context.truth("/complete")) << context.dump();
  EXPECT_THAT(context.names("/sections"),
              testing::ElementsAre("crm.contact", "staff.rep", "ledger.invoices", "tickets.open"));
  EXPECT_EQ(
      context.dump("/sections/crm.contact/data"),
      R"({"customer_id":"1001","given_name":"Ada","family_name":"Lövström","emails":[{"address":"ada@shop.example"}],)"
      R"("customer_since":"2019-04-01T08:30:00Z","address":{"city":"Malmö"}})");
  auto rep =
      run_sqlite(file, "SELECT name, phone FROM employee WHERE id = (SELECT rep FROM customer WHERE id = 1001)").at(0);
  EXPECT_EQ(context.text("/sections/staff.rep/data/name"), rep[0]);
  EXPECT_EQ(context.text("/sections/staff.rep/data/phone"), rep[1]);

  auto invoices = server.run("SELECT id, state, (total * 100)::bigint, to_char(made, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
                             "FROM invoice WHERE customer = 1001 ORDER BY made DESC");
  ASSERT_EQ(invoices.size(), 20U);
  ASSERT_EQ(context.size("/sections/ledger.invoices/data/payments"), invoices.size());
  for (std::size_t i = 0; i < invoices.size(); ++i) {
    const auto at = "/sections/ledger.invoices/data/payments/" + std::to_string(i);
    EXPECT_EQ(context.text(at + "/id"), invoices[i][0]);
    EXPECT_EQ(context.text(at + "/status"), invoices[i][1]);
    EXPECT_EQ(std::to_string(context.integer(at + "/amount/amount_minor")), invoices[i][2]);
    EXPECT_EQ(context.text(at + "/created_at"), invoices[i][3]);
  }
  EXPECT_EQ(desk.requests().at(0).target, "/v2/tickets?of=1001");
  EXPECT_EQ(
      context.dump("/sections/tickets.open/data"),
      R"({"customer_id":"1001","tickets":[{"id":"41","subject":"Where is it?","status":"open","created_at":"2026-01-01T00:00:00Z"},)"
      R"({"id":"40","subject":"Thanks","status":"closed","created_at":"2025-12-01T00:00:00Z"}]})");

  // Only what was asked for, and no more of it.
  context = hub.context(hub.session(),
                        R"(, "deadline_ms": 15000, "sections": [{"name": "ledger.invoices", "params": {"limit": 3}}])");
  EXPECT_EQ(context.size("/sections/ledger.invoices/data/payments"), 3U);

  // Somebody whom nobody knows is not somebody who has nothing.
  context = hub.context(hub.session({.email = "nobody@shop.example", .customer_id = ""}), R"(, "deadline_ms": 15000)");
  EXPECT_EQ(status_of(context, "crm.contact"), "not_found");
  for (const auto* name : {"staff.rep", "ledger.invoices", "tickets.open"}) {
    EXPECT_EQ(status_of(context, name), "skipped");
    EXPECT_EQ(reason_of(context, name), "identifier_unknown");
  }
}

TEST_F(ShopTest, OutlivesADatabaseThatIsDownAtStartAndComesBack) {
  Postgres server;
  server.run(kInvoices);
  server.stop();
  Canary canary;
  HubConfig config;
  config.environment["LEDGER_PASSWORD"] = Postgres::kPassword;
  config.add("ledger", postgres_connector(server, "postgres", kLedger));
  config.add("crm", sqlite_connector("data/shop.db", kCrm, R"("time_zone": "UTC", )")); // the file is not there yet
  config.add("canary", canary.connector());
  auto& hub = prepare(config);
  std::filesystem::create_directory(hub.folder() / "data");
  ASSERT_TRUE(hub.start()) << hub.raw_log();
  EXPECT_EQ(hub.get("/readyz").status, 200);
  const auto session = hub.session();
  auto context = hub.context(session, R"(, "deadline_ms": 10000)");
  for (const auto* name : {"ledger.invoices", "crm.contact"}) {
    EXPECT_EQ(status_of(context, name), "error") << name;
    EXPECT_EQ(reason_of(context, name), "unreachable") << name;
  }
  EXPECT_EQ(status_of(context, "canary.song"), "ok");

  server.start();
  run_sqlite(hub.folder() / "data/shop.db", kCustomers);
  EXPECT_TRUE(eventually([&] { return hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"); }));

  server.stop_now(); // in the midst of it
  context = hub.context(session, R"(, "deadline_ms": 10000)");
  EXPECT_EQ(status_of(context, "ledger.invoices"), "error");
  EXPECT_EQ(status_of(context, "crm.contact"), "ok");
  EXPECT_EQ(status_of(context, "canary.song"), "ok");
  server.start();
  EXPECT_TRUE(eventually([&] { return hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"); }));
}

// A query that takes long is cancelled at the deadline, in the server too, and its connection is no worse for it.
TEST_F(ShopTest, CancelsAQueryAtTheDeadline) {
  Postgres server;
  Canary canary;
  HubConfig config;
  config.environment["LEDGER_PASSWORD"] = Postgres::kPassword;
  config.add("ledger", postgres_connector(server, "postgres", R"({
    "slow": {"shape": "record/v1", "needs": [["customer_id"]], "query": "SELECT 1 AS \"one\" FROM pg_sleep(25) WHERE :customer_id <> ''"},
    "quick": {"shape": "record/v1", "needs": [["customer_id"]], "query": "SELECT 1 AS \"one\" WHERE :customer_id <> ''"}})"));
  config.add("canary", canary.connector());
  auto& hub = run(config);
  const auto session = hub.session();
  ASSERT_EQ(status_of(hub.context(session, R"(, "deadline_ms": 10000, "sections": ["ledger.quick"])"), "ledger.quick"),
            "ok");
  auto context = hub.context(session, R"(, "deadline_ms": 1500)");
  EXPECT_EQ(status_of(context, "ledger.slow"), "timeout");
  EXPECT_EQ(reason_of(context, "ledger.slow"), "deadline");
  EXPECT_EQ(status_of(context, "ledger.quick"), "ok");
  EXPECT_EQ(status_of(context, "canary.song"), "ok");
  EXPECT_TRUE(eventually(
      [&] {
        return server.run(
                   "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(25)%' "
                   "AND pid <> pg_backend_pid()")[0][0] == "0";
      },
      std::chrono::seconds(15)));
}

// The Chinook shop: 59 customers, 412 invoices of a real sample database, twice: as a SQLite file and on PostgreSQL.
class ChinookHubTest : public ShopTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder / "Chinook_Sqlite.sqlite"))
      GTEST_SKIP() << "the Chinook data is not in " << folder;
    ShopTest::SetUp();
  }

  const std::filesystem::path folder = CHINOOK_FOLDER;
};

TEST_F(ChinookHubTest, KnowsLeonieKoehlerAsTheDatabasesDo) {
  Postgres server;
  server.load(folder / "Chinook_PostgreSql.sql");
  HubConfig config;
  config.environment["LEDGER_PASSWORD"] = Postgres::kPassword;
  config.add("crm",
             sqlite_connector("data/Chinook_Sqlite.sqlite", R"({"contact": {"shape": "contact/v1", "needs": [["email"]],
    "yields": {"customer_id": {"column": "customer_id", "verified": true}, "crm.rep": {"column": "rep"}},
    "echo": {"/emails/0/address": "email"},
    "query": "SELECT CAST(CustomerId AS TEXT) AS customer_id, FirstName AS given_name, LastName AS family_name, Company AS company, Email AS \"emails.0.address\", Phone AS \"phones.0.number\", Fax AS \"phones.1.number\", Address AS \"address.lines.0\", City AS \"address.city\", State AS \"address.region\", PostalCode AS \"address.postal_code\", Country AS \"address.country_name\", SupportRepId AS rep FROM Customer WHERE Email = :email COLLATE NOCASE"}})"));
  config.add("ledger", postgres_connector(server, "chinook", R"({
    "invoices": {"shape": "payments/v1", "needs": [["customer_id"]], "echo": {"/customer_id": "customer_id"},
      "query": "SELECT invoice_id::text AS id, 'invoice' AS kind, (total * 100)::bigint AS \"amount.amount_minor\", 'USD' AS \"amount.currency\", invoice_date AS created_at, billing_city AS \"billing_address.city\", customer_id::text AS \"/customer_id\" FROM invoice WHERE customer_id = :customer_id::int ORDER BY invoice_date DESC"},
    "total": {"shape": "record/v1", "needs": [["customer_id"]],
      "query": "SELECT count(DISTINCT i.invoice_id) AS \"invoices\", count(l.*) AS \"tracks\", (sum(l.unit_price * l.quantity) * 100)::bigint AS \"spent.amount_minor\" FROM invoice i JOIN invoice_line l USING (invoice_id) WHERE i.customer_id = :customer_id::int"}})"));
  config.add("staff",
             sqlite_connector("data/Chinook_Sqlite.sqlite", R"({"rep": {"shape": "record/v1", "needs": [["crm.rep"]],
    "query": "SELECT FirstName AS \"given_name\", LastName AS \"family_name\", Title AS \"title\", Email AS \"email\" FROM Employee WHERE EmployeeId = :crm.rep"}})"));
  auto& hub = prepare(config);
  std::filesystem::create_directory(hub.folder() / "data");
  const auto file = hub.folder() / "data/Chinook_Sqlite.sqlite";
  std::filesystem::copy_file(folder / "Chinook_Sqlite.sqlite", file);
  ASSERT_TRUE(hub.start()) << hub.raw_log();
  const std::string email = "leonekohler@surfeu.de";
  auto context =
      hub.context(hub.session({.subject = email, .email = email, .customer_id = ""}), R"(, "deadline_ms": 15000)");
  EXPECT_TRUE(context.truth("/complete")) << context.dump();
  EXPECT_THAT(context.names("/sections"),
              testing::ElementsAre("crm.contact", "ledger.invoices", "ledger.total", "staff.rep"));

  auto customer =
      run_sqlite(file, "SELECT CustomerId, FirstName, LastName, Email, Phone, Address, City, PostalCode, Country, "
                       "SupportRepId FROM Customer WHERE Email = '" +
                           email + "'")
          .at(0);
  const auto contact = "/sections/crm.contact/data";
  const std::pair<const char*, std::size_t> fields[] = {
      {"/customer_id", 0},      {"/given_name", 1},          {"/family_name", 2},
      {"/emails/0/address", 3}, {"/phones/0/number", 4},     {"/address/lines/0", 5},
      {"/address/city", 6},     {"/address/postal_code", 7}, {"/address/country_name", 8}};
  for (const auto& [pointer, column] : fields)
    EXPECT_EQ(context.text(contact + std::string(pointer)), customer[column]);
  EXPECT_FALSE(context.has(contact + std::string("/company"))); // she has none there: left out, not null

  auto rep =
      run_sqlite(file, "SELECT FirstName, LastName, Title, Email FROM Employee WHERE EmployeeId = " + customer[9])
          .at(0);
  EXPECT_EQ(context.dump("/sections/staff.rep/data"), R"({"given_name":")" + rep[0] + R"(","family_name":")" + rep[1] +
                                                          R"(","title":")" + rep[2] + R"(","email":")" + rep[3] +
                                                          "\"}");

  auto invoices =
      server.run("SELECT invoice_id, (total * 100)::bigint, to_char(invoice_date, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
                 "billing_city FROM invoice WHERE customer_id = " +
                     customer[0] + " ORDER BY invoice_date DESC",
                 "chinook");
  ASSERT_EQ(invoices.size(), 7U);
  ASSERT_EQ(context.size("/sections/ledger.invoices/data/payments"), invoices.size());
  EXPECT_EQ(context.text("/sections/ledger.invoices/data/customer_id"), customer[0]);
  for (std::size_t i = 0; i < invoices.size(); ++i) {
    const auto at = "/sections/ledger.invoices/data/payments/" + std::to_string(i);
    EXPECT_EQ(context.text(at + "/id"), invoices[i][0]);
    EXPECT_EQ(std::to_string(context.integer(at + "/amount/amount_minor")), invoices[i][1]);
    EXPECT_EQ(context.text(at + "/created_at"), invoices[i][2]);
    EXPECT_EQ(context.text(at + "/billing_address/city"), invoices[i][3]);
  }
  // The same figures from the other database: both tell of one shop.
  auto total =
      run_sqlite(
          file,
          "SELECT COUNT(DISTINCT i.InvoiceId), COUNT(*), CAST(ROUND(SUM(l.UnitPrice * l.Quantity) * 100) AS INTEGER) "
          "FROM Invoice i JOIN InvoiceLine l USING (InvoiceId) WHERE i.CustomerId = " +
              customer[0])
          .at(0);
  EXPECT_EQ(context.dump("/sections/ledger.total/data"), R"({"invoices":)" + total[0] + R"(,"tracks":)" + total[1] +
                                                             R"(,"spent":{"amount_minor":)" + total[2] + "}}");
}

} // namespace
} // namespace plugboard::test
