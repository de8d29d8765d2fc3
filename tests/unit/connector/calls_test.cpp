// One call each: what real plugins answer, well and badly, becomes the contract's words and harms nothing else.
#include "bench.hpp"

namespace plugboard::connector {
namespace {

class CallsTest : public Bench {
 protected:
  Outcome lookup(const std::string& plugin, LookupRequest request = for_email("ada@b.example")) {
    start(settings(bad_plugin(plugin)));
    return ask("contact", in(std::chrono::seconds(15)), std::move(request));
  }

  void expect(const std::string& plugin, Status status, Reason reason, LookupRequest request = for_nobody()) {
    const Outcome outcome = lookup(plugin, std::move(request));
    EXPECT_EQ(name_of(outcome.status), name_of(status)) << plugin << ": " << outcome.detail << log.text();
    EXPECT_EQ(name_of(outcome.reason), name_of(reason)) << plugin << ": " << outcome.detail;
    EXPECT_EQ(outcome.data, "") << plugin;
    EXPECT_TRUE(outcome.yields.empty()) << plugin;
    connector->stop();
  }
};

TEST_F(CallsTest, AGoodLookupIsHandedOver) {
  const Outcome outcome = lookup("good");
  ASSERT_EQ(outcome.status, Status::ok) << outcome.detail << log.text();
  EXPECT_EQ(outcome.data, R"({"customer_id":"1","name":"Ada","emails":[{"address":"ada@b.example"}]})");
  EXPECT_EQ(outcome.yields, (std::vector<Identifier>{{"customer_id", "1", true, "crm"}}));
  EXPECT_GT(outcome.took, Duration::zero());
  EXPECT_LT(clock.wall() - outcome.fetched_at, std::chrono::seconds(20));
  EXPECT_EQ(connector->counts().calls, 1U);
  EXPECT_EQ(connector->counts().failures, 0U);
}

TEST_F(CallsTest, AGoodAsyncPluginAnswersFromAThreadOfItsOwn) {
  const Outcome outcome = lookup("good_async");
  EXPECT_EQ(outcome.status, Status::ok) << outcome.detail << log.text();
}

TEST_F(CallsTest, BrokenContractsAreToldApart) {
  expect("unknown_status", Status::invalid, Reason::plugin_protocol);
  expect("null_reply", Status::invalid, Reason::plugin_protocol);
  expect("short_reply", Status::invalid, Reason::plugin_protocol);
  expect("null_data", Status::invalid, Reason::plugin_protocol);
  expect("undeclared_yield", Status::invalid, Reason::plugin_protocol);
  expect("drops_call", Status::invalid, Reason::plugin_protocol);
  expect("huge_reply", Status::invalid, Reason::too_large);
  expect("wrong_shape", Status::invalid, Reason::shape);
  expect("another_customer", Status::invalid, Reason::wrong_customer, for_email("ada@b.example"));
}

TEST_F(CallsTest, WhatIsNoStrictJsonIsRefused) {
  expect("invalid_utf8", Status::invalid, Reason::plugin_protocol);
  expect("not_json", Status::invalid, Reason::plugin_protocol);
  expect("deep_json", Status::invalid, Reason::plugin_protocol);
  expect("duplicate_keys", Status::invalid, Reason::plugin_protocol);
}

TEST_F(CallsTest, WhatThePluginThrowsIsItsFailure) {
  expect("call_throws", Status::error, Reason::plugin_failed);
  EXPECT_TRUE(log.has("connector.failed"));
}

TEST_F(CallsTest, WhatPassesNoWrapperIsCaughtAtTheBorder) {
  for (const bool blocking : {false, true}) {
    control.on_call = [](const plugboard_host*, const plugboard_request&, plugboard_call*) { throw 7; };
    start(probe(blocking));
    const Outcome outcome = ask("any");
    EXPECT_EQ(outcome.status, Status::error);
    EXPECT_EQ(outcome.reason, Reason::plugin_failed);
    connector->stop();
  }
}

TEST_F(CallsTest, ThePluginSeesTheWholeRequest) {
  std::string seen;
  control.on_call = [&](const plugboard_host* host, const plugboard_request& r, plugboard_call* call) {
    for (const plugboard_str one : {r.tenant, r.section, r.purpose, r.actor, r.language, r.context_id, r.traceparent,
                                    r.params, r.identifiers[0].type, r.identifiers[0].value, r.identifiers[0].source})
      seen += std::string(one.data, one.size) + "|";
    seen += std::to_string(r.identifier_count) + std::to_string(r.identifiers[0].verified) +
            std::to_string(r.operation) + (r.deadline_ns > 0 && r.deadline_ns <= 5'000'000'000 ? "in time" : "");
    answer(host, call, "{}");
  };
  start(probe(false));
  const Caller caller{"default", "support", "agent-17", "sv", "ctx", {"00-ab", ""}};
  LookupRequest request{std::make_shared<const Caller>(caller), 0, {{"email", "a@b", true, "login"}}, "{\"limit\":5}"};
  EXPECT_EQ(ask("any", in(std::chrono::seconds(5)), request).status, Status::ok);
  EXPECT_EQ(seen, "default|any|support|agent-17|sv|ctx|00-ab|{\"limit\":5}|email|a@b|login|111in time");
}

TEST_F(CallsTest, ASectionThatIsComputedFromOthersIsDerivedFromThem) {
  std::string seen;
  control.on_call = [&](const plugboard_host* host, const plugboard_request& r, plugboard_call* call) {
    seen = std::to_string(r.operation) + "|" + std::string(r.section.data, r.section.size);
    for (std::size_t i = 0; i < r.input_count; ++i) {
      const auto& input = r.inputs[i];
      seen += "|" + std::string(input.name.data, input.name.size) + std::string(input.data.data, input.data.size) +
              std::to_string(input.age_ns) + (input.stale != 0 ? " stale" : "");
    }
    answer(host, call, "{}");
  };
  start(probe(false));
  auto request = for_nobody();
  request.inputs = {{"contact", "{}", Duration(7), true}, {"orders", R"({"orders":[]})", {}, false}};
  EXPECT_EQ(ask("score", in(std::chrono::seconds(5)), request).status, Status::ok);
  EXPECT_EQ(seen, R"(4|score|contact{}7 stale|orders{"orders":[]}0)");
  request.inputs.clear();
  EXPECT_EQ(ask("score", in(std::chrono::seconds(5)), request).status, Status::ok);
  EXPECT_EQ(seen, "4|score");
}

TEST_F(CallsTest, WhatIsComputedFromOthersYieldsNothing) {
  control.on_call = [](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    const plugboard_identifier one{{"customer_id", 11}, {"1", 1}, {}, 1, 0};
    auto reply = reply_of(PLUGBOARD_OK, "{}");
    reply.identifiers = &one;
    reply.identifier_count = 1;
    host->complete(host, call, &reply);
  };
  start(probe(false));
  EXPECT_EQ(ask("score").reason, Reason::plugin_protocol);
}

TEST_F(CallsTest, InputsThatAreTogetherTooLargeAreNotHandedOver) {
  bool called = false;
  control.on_call = [&](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    called = true;
    answer(host, call, "{}");
  };
  start(probe(false));
  auto request = for_nobody();
  const std::string half = "\"" + std::string((std::size_t{2} << 20) - 2, 'x') + "\"";
  request.inputs = {{"contact", half, {}, false}, {"orders", half, {}, false}};
  EXPECT_EQ(ask("score", Deadline::never(), request).status, Status::ok);
  EXPECT_TRUE(std::exchange(called, false));
  request.inputs[0].data = half + " ";
  const auto outcome = ask("score", Deadline::never(), request);
  EXPECT_EQ(outcome.reason, Reason::too_large);
  EXPECT_NE(outcome.detail.find("4 MiB"), std::string::npos);
  EXPECT_FALSE(called);
}

TEST_F(CallsTest, AnAnswerGivenAtOnceNeedsNoDetour) {
  control.on_call = [](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    answer(host, call, "{}");
  };
  start(probe(false));
  bool done = false;
  homes[0]->run([&] {
    connector->lookup(for_nobody(), Deadline::never(), *homes[0]->home, [&](const Outcome&) { done = true; });
    EXPECT_TRUE(done) << "before lookup returned";
    return 0;
  });
}

TEST_F(CallsTest, AVerbatimAnswerThatIsNoJsonIsTheUpstreamsFault) {
  control.on_call = [](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    plugboard_reply reply = reply_of(PLUGBOARD_OK, "<html>");
    reply.flags = PLUGBOARD_REPLY_VERBATIM;
    host->complete(host, call, &reply);
  };
  start(probe(false));
  EXPECT_EQ(ask("any").reason, Reason::upstream_malformed);
  EXPECT_EQ(connector->counts().protocol_violations, 0U);
}

TEST_F(CallsTest, ThePluginsWordsReachTheLogAndNotTheCaller) {
  control.on_call = [](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    const plugboard_reply reply = reply_of(PLUGBOARD_UNREACHABLE, {}, "connect to db1: refused");
    host->complete(host, call, &reply);
  };
  start(probe(false));
  const Outcome outcome = ask("any");
  EXPECT_EQ(outcome.reason, Reason::unreachable);
  EXPECT_EQ(outcome.detail.find("db1"), std::string::npos);
  EXPECT_TRUE(log.has("any: error/unreachable: the plugin says: connect to db1: refused"));
}

TEST_F(CallsTest, AuthenticatesWithWhatTheManifestDeclares) {
  start(settings(bad_plugin("good")));
  const auto proof = prove();
  ASSERT_TRUE(proof) << proof.error().outcome.detail;
  EXPECT_EQ(proof->issuer, "test");
  EXPECT_EQ(proof->subject, "1");
  EXPECT_EQ(proof->assurance, "aal1");
  EXPECT_EQ(proof->identifiers, (std::vector<Identifier>{{"customer_id", "1", true, "crm"}}));
}

TEST_F(CallsTest, ABadProofProvesNothing) {
  start(settings(bad_plugin("bad_proof")));
  const auto proof = prove();
  ASSERT_FALSE(proof);
  EXPECT_FALSE(proof.error().credential);
  EXPECT_EQ(proof.error().outcome.reason, Reason::plugin_protocol);
}

TEST_F(CallsTest, AuthenticatesInTwoSteps) {
  start(settings(bad_plugin("bad_steps")));
  const auto first = step({"default", {}, {}, "{}", {}});
  ASSERT_TRUE(first) << first.error().outcome.detail;
  const auto& challenge = std::get<Challenge>(*first);
  EXPECT_EQ(challenge.challenge, R"({"type":"code"})");
  const auto second = step({"default", {}, {}, "{}", challenge.state});
  ASSERT_TRUE(second) << second.error().outcome.detail;
  EXPECT_EQ(std::get<Proof>(*second).subject, "1");
}

TEST_F(CallsTest, AStepThatIsWrongEndsTheAuthenticationAsAFailure) {
  start(settings(bad_plugin("bad_steps")));
  for (const char* wrong : {"large-state", "unknown-type", "no-object"}) {
    const auto stepped = step({"default", wrong, {}, "{}", {}});
    ASSERT_FALSE(stepped) << wrong;
    EXPECT_FALSE(stepped.error().credential) << wrong;
    EXPECT_EQ(stepped.error().outcome.reason, Reason::plugin_protocol) << wrong;
  }
  EXPECT_EQ(connector->counts().protocol_violations, 3U);
}

TEST_F(CallsTest, OnlyAnAuthenticationHasSteps) {
  start(settings(bad_plugin("bad_steps")));
  EXPECT_EQ(ask("contact", Deadline::never(), for_email("a@b.example")).reason, Reason::plugin_protocol);
  const auto logout = log_out("{}");
  ASSERT_FALSE(logout);
  EXPECT_EQ(logout.error().outcome.reason, Reason::plugin_protocol);
}

TEST_F(CallsTest, HearsWhoseLoginIsOver) {
  control.on_call = [](const plugboard_host* host, const plugboard_request& request, plugboard_call* call) {
    EXPECT_EQ(request.operation, PLUGBOARD_LOGOUT);
    EXPECT_EQ(std::string_view(request.credential.data, request.credential.size), R"({"logout_token":"x"})");
    const plugboard_reply reply = reply_of(PLUGBOARD_OK, R"({"issuer":"https://id.example","session":"s1"})");
    host->complete(host, call, &reply);
  };
  start(probe(true));
  const auto logout = log_out(R"({"logout_token":"x"})");
  ASSERT_TRUE(logout) << logout.error().outcome.detail;
  EXPECT_EQ(logout->session, "s1");
}

TEST_F(CallsTest, ALogoutThatIsCancelledOrLateIsNobodys) {
  control.on_call = [](const plugboard_host*, const plugboard_request&, plugboard_call*) {};
  auto slow = probe(false);
  slow.timeout = std::chrono::milliseconds(20);
  start(slow);
  const auto logout = log_out("{}");
  ASSERT_FALSE(logout);
  EXPECT_FALSE(logout.error().credential);
  EXPECT_EQ(logout.error().outcome.reason, Reason::connector_timeout);
}

TEST_F(CallsTest, ARejectedCredentialIsToldApartFromAFailure) {
  control.on_call = [](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    const plugboard_reply reply = reply_of(PLUGBOARD_REJECTED, {}, "expired");
    host->complete(host, call, &reply);
  };
  start(probe(true));
  const auto proof = prove();
  ASSERT_FALSE(proof);
  EXPECT_TRUE(proof.error().credential);
}

TEST_F(CallsTest, CallsAreCountedBySectionAndStatus) {
  lookup("good");
  ask("contact", in(std::chrono::seconds(15)), for_email("b@b.example"));
  const std::string text = metrics.text();
  EXPECT_NE(text.find("plugboard_connector_calls_total{connector=\"crm\",section=\"contact\",status=\"ok\"} 2"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("plugboard_connector_call_seconds_count{connector=\"crm\"} 2"), std::string::npos) << text;
}

} // namespace
} // namespace plugboard::connector
