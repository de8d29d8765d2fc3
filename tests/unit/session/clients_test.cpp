#include "tests/unit/session/session_fixture.hpp"

#include <fstream>

namespace plugboard::session {
namespace {

class ClientsTest : public SessionFixture {
 protected:
  ClientsTest() { make(); }

  ~ClientsTest() override {
    clients.reset();
    stop();
  }

  void make() {
    auto made = Clients::make(*database, keys, clock, random, *log, metrics);
    if (!made) throw std::runtime_error(to_string(made.error()));
    clients = std::move(*made);
  }

  void restart_all() {
    clients.reset();
    restart();
    make();
  }

  Result<Clients::Added> add(Client client) {
    std::promise<Result<Clients::Added>> told;
    clients->add(std::move(client), {}, [&](Result<Clients::Added> added) { told.set_value(std::move(added)); });
    return told.get_future().get();
  }

  Result<Clients::Added> rotate(const std::string& id, Duration overlap) {
    std::promise<Result<Clients::Added>> told;
    clients->rotate({"default", id}, overlap, {},
                    [&](Result<Clients::Added> added) { told.set_value(std::move(added)); });
    return told.get_future().get();
  }

  Result<void> remove(const std::string& id) {
    std::promise<Result<void>> told;
    clients->remove({"default", id}, {}, [&](const Result<void>& removed) { told.set_value(removed); });
    return told.get_future().get();
  }

  static Client client(const std::string& id, const std::string& tenant = "default") {
    Client client;
    client.id = id;
    client.tenant = tenant;
    client.channel = "chat";
    client.purpose = "support";
    client.criticality = "bulk";
    client.sections = {"crm.*", "ledger.payments"};
    client.scopes = static_cast<std::uint32_t>(Scope::session_create) | static_cast<std::uint32_t>(Scope::context_read);
    return client;
  }

  Result<void> configure(std::initializer_list<std::pair<Client, std::string>> list) {
    std::vector<ConfiguredClient> configured;
    for (const auto& [one, key] : list) configured.push_back({one, Secret(key)});
    return clients->configure(std::move(configured));
  }

  std::unique_ptr<Clients> clients;
};

TEST_F(ClientsTest, FindsAConfiguredClientByItsKeyAlone) {
  ASSERT_TRUE(configure({{client("desk"), "a key of sixteen"}, {client("bot"), "another of sixteen"}}));
  ASSERT_TRUE(clients->find("a key of sixteen"));
  EXPECT_EQ(clients->find("a key of sixteen")->id, "desk");
  EXPECT_TRUE(clients->find("a key of sixteen")->from_configuration);
  for (const std::string& key :
       {std::string("a key of sixteeN"), std::string(), std::string("desk"), std::string(9999, 'k')}) {
    EXPECT_FALSE(clients->find(key)) << key;
  }
}

TEST_F(ClientsTest, PutsANewConfigurationInPlaceOfTheOneBefore) {
  ASSERT_TRUE(configure({{client("desk"), "a key of sixteen"}}));
  const ClientPtr of_before = clients->find("a key of sixteen");
  ASSERT_TRUE(configure({{client("desk"), "its new key of sixteen"}}));
  EXPECT_FALSE(clients->find("a key of sixteen"));
  EXPECT_TRUE(clients->find("its new key of sixteen"));
  EXPECT_EQ(of_before->id, "desk") << "a request keeps the generation it began with";
}

TEST_F(ClientsTest, RefusesABadConfigurationWhole) {
  ASSERT_TRUE(configure({{client("desk"), "a key of sixteen"}}));
  const auto expect_refused = [&](const Result<void>& outcome, const std::string& saying) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::invalid_argument);
    EXPECT_NE(outcome.error().message.find(saying), std::string::npos) << outcome.error().message;
  };
  expect_refused(configure({{client("new"), "its own key of sixteen"}, {client("short"), "fifteen letters"}}),
                 "\"short\"");
  expect_refused(configure({{client("a"), "a key of sixteen"}, {client("b"), "a key of sixteen"}}), "same key");
  expect_refused(configure({{client("a"), "a key of sixteen"}, {client("a"), "another of sixteen"}}), "twice");
  expect_refused(configure({{client("no good"), "a key of sixteen"}}), "\"no good\"");
  EXPECT_TRUE(clients->find("a key of sixteen"));
  EXPECT_FALSE(clients->find("its own key of sixteen"));
}

TEST_F(ClientsTest, FindsAClientByItsCertificate) {
  const auto rule = [](CertificateRule::By by, const std::string& text) { return *make_certificate_rule(by, text); };
  const auto desk = rule(CertificateRule::By::subject, "CN=desk"), bot = rule(CertificateRule::By::dns, "bot.example");
  const auto put = [&](std::optional<CertificateRule> of_bot) {
    std::vector<ConfiguredClient> list;
    list.push_back({client("desk"), Secret("a key of sixteen"), desk});
    list.push_back({client("bot"), Secret(), std::move(of_bot)});
    return clients->configure(std::move(list));
  };
  ASSERT_TRUE(put(bot));
  CertificateNames names{std::string(64, 'a'), "CN=desk", {}, {}};
  ASSERT_EQ(clients->find(names).size(), 1U);
  EXPECT_EQ(clients->find(names)[0], clients->find("a key of sixteen"));
  names.dns = {"bot.example", "bot.example"};
  EXPECT_EQ(clients->find(names).size(), 2U) << "each once";
  names.subject = "CN=nobody";
  EXPECT_EQ(clients->find(names)[0]->id, "bot");
  EXPECT_TRUE(clients->find(CertificateNames{}).empty());
  EXPECT_FALSE(clients->find("")) << "no key is nobody's";
  EXPECT_FALSE(put(std::nullopt)) << "neither key nor certificate";
  EXPECT_FALSE(put(desk)) << "another client's certificate";
  EXPECT_EQ(clients->find(names)[0]->id, "bot");
}

TEST_F(ClientsTest, LetsTwoTenantsHaveClientsOfOneName) {
  ASSERT_TRUE(configure(
      {{client("desk", "north"), "the key of the north"}, {client("desk", "south"), "the key of the south"}}));
  EXPECT_EQ(clients->find("the key of the north")->tenant, "north");
  EXPECT_EQ(clients->list().size(), 2U);
}

TEST_F(ClientsTest, AddsAClientThatOutlivesARestart) {
  const auto added = add(client("voice"));
  ASSERT_TRUE(added) << to_string(added.error());
  EXPECT_TRUE(is_token("pbk_", added->key.reveal()));
  for (int round = 0; round < 2; ++round) {
    const ClientPtr found = clients->find(added->key.reveal());
    ASSERT_TRUE(found);
    const Client wanted = client("voice");
    EXPECT_EQ(found->id, wanted.id);
    EXPECT_EQ(found->tenant, wanted.tenant);
    EXPECT_EQ(found->channel, wanted.channel);
    EXPECT_EQ(found->purpose, wanted.purpose);
    EXPECT_EQ(found->criticality, wanted.criticality);
    EXPECT_EQ(found->sections, wanted.sections);
    EXPECT_EQ(found->scopes, wanted.scopes);
    EXPECT_FALSE(found->from_configuration);
    restart_all();
  }
}

TEST_F(ClientsTest, RefusesAnIdThatIsTaken) {
  ASSERT_TRUE(configure({{client("desk"), "a key of sixteen"}}));
  const auto configured = add(client("desk"));
  ASSERT_FALSE(configured);
  EXPECT_EQ(configured.error().code, Code::conflict);
  ASSERT_TRUE(add(client("voice")));
  const auto stored = add(client("voice"));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::conflict);
  EXPECT_TRUE(add(client("voice", "north")));
  const auto nameless = add(client(""));
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.error().code, Code::invalid_argument);
}

TEST_F(ClientsTest, AddsAClientAgainWhoseRowIsNotWhatItWrote) {
  auto added = add(client("voice"));
  for (const char* damage : {"UPDATE clients SET criticality = 'interactive'", "UPDATE client_keys SET seal = ''",
                             "UPDATE client_keys SET seal_key = 'k0'", "DELETE FROM client_keys"}) {
    ASSERT_TRUE(added) << damage << ": " << to_string(added.error());
    const std::string lost(added->key.reveal());
    EXPECT_TRUE(clients->find(lost)) << damage;
    change(damage);
    restart_all();
    EXPECT_FALSE(clients->find(lost)) << damage;
    added = add(client("voice"));
    restart_all();
    EXPECT_FALSE(clients->find(lost)) << damage;
    EXPECT_FALSE(add(client("voice"))) << damage << ": it is taken";
  }
  ASSERT_TRUE(added);
  EXPECT_TRUE(clients->find(added->key.reveal()));
}

TEST_F(ClientsTest, AddsOneOfTwoAtTheSameTime) {
  std::promise<Result<Clients::Added>> first, second;
  clients->add(client("voice"), {}, [&](Result<Clients::Added> added) { first.set_value(std::move(added)); });
  clients->add(client("voice"), {}, [&](Result<Clients::Added> added) { second.set_value(std::move(added)); });
  const auto one = first.get_future().get(), other = second.get_future().get();
  EXPECT_TRUE(one);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::conflict);
  EXPECT_EQ(clients->list().size(), 1U);
}

TEST_F(ClientsTest, HidesAStoredClientWhileOneOfItsIdIsConfigured) {
  const auto added = add(client("voice"));
  ASSERT_TRUE(configure({{client("voice"), "a key of sixteen"}}));
  EXPECT_FALSE(clients->find(added->key.reveal()));
  EXPECT_EQ(clients->list().size(), 1U);
  ASSERT_TRUE(configure({}));
  EXPECT_TRUE(clients->find(added->key.reveal()));
}

TEST_F(ClientsTest, ListsByTenantAndId) {
  ASSERT_TRUE(add(client("zed", "north")));
  ASSERT_TRUE(add(client("amy", "north")));
  ASSERT_TRUE(
      configure({{client("web", "alpha"), "a key of sixteen"}, {client("bob", "north"), "another of sixteen"}}));
  std::vector<std::string> ids;
  for (const ClientPtr& one : clients->list()) ids.push_back(one->tenant + "/" + one->id);
  EXPECT_EQ(ids, (std::vector<std::string>{"alpha/web", "north/amy", "north/bob", "north/zed"}));
}

TEST_F(ClientsTest, GivesANewKeyWhileTheOldOneIsGoodForAWhile) {
  const auto first = add(client("bot")).value().key.copy();
  auto second = rotate("bot", std::chrono::hours(1)).value();
  EXPECT_EQ(second.old_until, clock.wall() + std::chrono::hours(1));
  const auto are_good = [&](std::initializer_list<bool> expected, std::initializer_list<const Secret*> those) {
    std::vector<bool> good;
    for (const Secret* key : those) good.push_back(clients->find(key->reveal()) != nullptr);
    EXPECT_EQ(good, std::vector<bool>(expected));
  };
  are_good({true, true}, {&first, &second.key});
  restart_all();
  are_good({true, true}, {&first, &second.key});
  auto third = rotate("bot", std::chrono::hours(1)).value(); // two at most
  are_good({false, true, true}, {&first, &second.key, &third.key});
  clock.advance(std::chrono::minutes(59));
  are_good({true, true}, {&second.key, &third.key});
  clock.advance(std::chrono::minutes(1));
  are_good({false, true}, {&second.key, &third.key});
  clients->tend();
  clock.jump_wall(-std::chrono::hours(1));
  are_good({false, true}, {&second.key, &third.key}); // a clock that goes back revives no key
  restart_all();
  are_good({false, true}, {&second.key, &third.key});
  EXPECT_EQ(clients->list().size(), 1U);
}

TEST_F(ClientsTest, EndsALostKeyAtOnce) {
  const auto lost = add(client("bot")).value().key.copy();
  auto fresh = rotate("bot", Duration::zero()).value();
  EXPECT_FALSE(fresh.old_until);
  for (int run = 0; run < 2; ++run, restart_all()) {
    EXPECT_FALSE(clients->find(lost.reveal()));
    ASSERT_TRUE(clients->find(fresh.key.reveal()));
    EXPECT_EQ(clients->find(fresh.key.reveal())->sections, client("bot").sections);
  }
}

TEST_F(ClientsTest, RemovesAClientForGood) {
  const auto key = add(client("bot")).value().key.copy();
  ASSERT_TRUE(remove("bot"));
  for (int run = 0; run < 2; ++run, restart_all()) {
    EXPECT_FALSE(clients->find(key.reveal()));
    EXPECT_TRUE(clients->list().empty());
  }
  EXPECT_EQ(remove("bot").error().code, Code::not_found);
  EXPECT_EQ(rotate("bot", {}).error().code, Code::not_found);
  EXPECT_TRUE(add(client("bot")));
  EXPECT_FALSE(clients->find(key.reveal()));
}

TEST_F(ClientsTest, LeavesTheConfigurationsClientsToTheConfiguration) {
  ASSERT_TRUE(add(client("bot")));
  ASSERT_TRUE(configure({{client("bot"), "a key of sixteen"}}));
  EXPECT_EQ(remove("bot").error().code, Code::conflict);
  EXPECT_EQ(rotate("bot", {}).error().code, Code::conflict);
  EXPECT_TRUE(clients->find("a key of sixteen"));
}

TEST_F(ClientsTest, KeepsLimitsAndWhatOfAQuotaIsGone) {
  auto limited = client("bot");
  limited.rate_limit = {2.5, 7};
  limited.contexts_per_day = 10;
  const auto key = add(limited).value().key.copy();
  for (int i = 0; i < 4; ++i) clients->find(key.reveal())->use->contexts.take(10, clock.wall());
  restart_all();
  const auto found = clients->find(key.reveal());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rate_limit.per_second, 2.5);
  EXPECT_EQ(found->rate_limit.burst, 7);
  EXPECT_EQ(found->contexts_per_day, 10);
  EXPECT_EQ(found->use->contexts.use().used, 4);
  EXPECT_EQ(rotate("bot", Duration::zero()).value().client->use, found->use); // it goes on with a new key
  ASSERT_TRUE(remove("bot"));
  const auto anew = add(limited).value();
  EXPECT_EQ(anew.client->use->contexts.use().used, 0);
}

TEST_F(ClientsTest, KeepsOneCountThroughANewConfiguration) {
  ASSERT_TRUE(configure({{client("desk"), "a key of sixteen"}}));
  const auto before = clients->find("a key of sixteen")->use;
  ASSERT_TRUE(configure({{client("desk"), "another of sixteen"}}));
  EXPECT_EQ(clients->find("another of sixteen")->use, before);
}

TEST_F(ClientsTest, LeavesOutAKeyWhoseEndWasChanged) {
  const auto first = add(client("bot")).value().key.copy();
  const auto second = rotate("bot", std::chrono::hours(1)).value().key.copy();
  ASSERT_TRUE(database->write_now([](store::Connection& connection) -> Result<void> {
    auto statement = connection.prepare("UPDATE client_keys SET until = 0");
    if (!statement) return statement.error();
    if (auto stepped = (*statement)->step(); !stepped) return stepped.error();
    return {};
  }));
  restart_all();
  EXPECT_FALSE(clients->find(first.reveal()));
  EXPECT_TRUE(clients->find(second.reveal()));
}

TEST_F(ClientsTest, StoresNoKey) {
  const auto added = add(client("voice"));
  std::string files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    files.append(std::istreambuf_iterator<char>(in), {});
  }
  ASSERT_NE(files.find("voice"), std::string::npos);
  EXPECT_EQ(files.find(added->key.reveal().substr(4, 20)), std::string::npos);
}

TEST(ScopeTest, HasANameForEachScope) {
  for (const ScopeName& scope : scope_names()) EXPECT_EQ(parse_scope(scope.name), scope.scope);
  EXPECT_FALSE(parse_scope("session:*"));
  Client client;
  client.scopes = static_cast<std::uint32_t>(Scope::session_read);
  EXPECT_TRUE(client.may(Scope::session_read));
  EXPECT_FALSE(client.may(Scope::session_create));
}

} // namespace
} // namespace plugboard::session
