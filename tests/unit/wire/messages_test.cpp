#include "core/wire/abi_text.hpp"
#include "core/wire/messages.hpp"

#include <functional>
#include <gtest/gtest.h>

namespace plugboard::wire {
namespace {

std::string body_of(const std::string& bytes, Type type) { // of the one frame that was written
  EXPECT_GE(bytes.size(), kHeadBytes);
  EXPECT_EQ(bytes.size(), 4 + FieldReader(bytes).u32());
  EXPECT_EQ(bytes[4], static_cast<char>(type));
  return bytes.substr(kHeadBytes);
}

// A message that is cut short anywhere, or has a byte too many, is none.
void expect_whole(const std::string& body, const std::function<bool(std::string_view)>& reads) {
  EXPECT_TRUE(reads(body));
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(reads(std::string_view(body).substr(0, size))) << "cut at " << size;
  EXPECT_FALSE(reads(body + '\0'));
}

TEST(MessagesTest, ALaunchComesAsItWasSent) {
  Launch launch;
  launch.connector = "crm";
  launch.without = {Layer::landlock, Layer::cgroup};
  launch.folders = {"/srv/data", "/srv/more"};
  launch.tunnels = {5432, 6379};
  launch.cgroups = {"/sys/fs/cgroup/memory/x"};
  launch.no_cgroup = "no rights";
  launch.limits = {1, 2, 3, 4};
  launch.uid = 61'184;
  std::string out;
  write(out, launch);
  const std::string body = body_of(out, Type::launch);
  const auto read = read_launch(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->connector, "crm");
  EXPECT_EQ(read->without, launch.without);
  EXPECT_EQ(read->folders, launch.folders);
  EXPECT_EQ(read->tunnels, launch.tunnels);
  EXPECT_EQ(read->cgroups, launch.cgroups);
  EXPECT_EQ(read->no_cgroup, "no rights");
  EXPECT_EQ(read->limits.memory_bytes, 1U);
  EXPECT_EQ(read->limits.cpu_percent, 4U);
  EXPECT_EQ(read->uid, 61'184U);
  expect_whole(body, [](std::string_view text) { return read_launch(text).has_value(); });
}

TEST(MessagesTest, WhatWasLaunchedComesAsItWasSent) {
  Launched launched;
  launched.layers = {{Layer::user, true, ""}, {Layer::mount, false, "no rights"}};
  launched.pid = 42;
  launched.listeners = 2;
  std::string out;
  write(out, launched);
  const std::string body = body_of(out, Type::launched);
  const auto read = read_launched(body);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->layers.size(), 2U);
  EXPECT_EQ(read->layers[1].layer, Layer::mount);
  EXPECT_EQ(read->layers[1].why_not, "no rights");
  EXPECT_EQ(read->pid, 42U);
  expect_whole(body, [](std::string_view text) { return read_launched(text).has_value(); });
}

TEST(MessagesTest, EveryLayerHasANameThatFindsIt) {
  for (std::size_t i = 1; i <= kLayers; ++i)
    EXPECT_EQ(layer_named(name_of(static_cast<Layer>(i))), static_cast<Layer>(i));
  EXPECT_EQ(layer_named(""), std::nullopt);
  EXPECT_EQ(name_of(static_cast<Layer>(0)), "");
  EXPECT_EQ(name_of(static_cast<Layer>(kLayers + 1)), "");
}

TEST(MessagesTest, ASetupComesAsItWasSent) {
  wire::Setup setup;
  setup.plugin = "sql";
  setup.version = "1.0.0";
  setup.config = "{}";
  setup.blocking = true;
  setup.threads = 8;
  setup.max_reply_bytes = 1 << 20;
  setup.files = {{"jwks.json", true, "{\"keys\":[]}"}, {"later.json", false, ""}};
  setup.folders = {{"data/", "/files/0"}};
  setup.tunnels = {{"db.example", 5432, "127.0.0.1", 5432}};
  std::string out;
  write(out, setup);
  const std::string body = body_of(out, Type::setup);
  const auto read = read_setup(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->plugin, "sql");
  EXPECT_TRUE(read->blocking);
  EXPECT_EQ(read->files.at(0).bytes, setup.files[0].bytes);
  EXPECT_FALSE(read->files.at(1).readable);
  EXPECT_EQ(read->folders.at(0).local, "/files/0");
  EXPECT_EQ(read->tunnels.at(0).local_port, 5432);
  expect_whole(body, [](std::string_view text) { return read_setup(text).has_value(); });
}

TEST(MessagesTest, ACallComesAsItWasSent) {
  const plugboard_identifier identifiers[] = {{str("email"), str("a@b.example"), str("login"), 1, 0},
                                              {str("crm.rep"), str(std::string_view("\0x", 2)), {}, 0, 0}};
  plugboard_request request{};
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = PLUGBOARD_LOOKUP;
  request.deadline_ns = -5;
  request.tenant = str("default");
  request.section = str("contact");
  request.state = str("blob");
  request.identifiers = identifiers;
  request.identifier_count = 2;
  const plugboard_input inputs[] = {{str("contact"), str(R"({"name":"Ada"})"), 5'000'000'000, 1, 0},
                                    {str("orders"), str("{}"), 0, 0, 0}};
  request.inputs = inputs;
  request.input_count = 2;
  std::string out;
  write_call(out, 77, request);
  const std::string body = body_of(out, Type::call);
  Call call;
  ASSERT_TRUE(read(body, call));
  EXPECT_EQ(call.handle, 77U);
  EXPECT_EQ(call.request.operation, PLUGBOARD_LOOKUP);
  EXPECT_EQ(call.request.deadline_ns, -5);
  EXPECT_EQ(view(call.request.tenant), "default");
  EXPECT_EQ(view(call.request.state), "blob");
  ASSERT_EQ(call.request.identifier_count, 2U);
  EXPECT_EQ(view(call.request.identifiers[0].source), "login");
  EXPECT_EQ(call.request.identifiers[0].verified, 1U);
  EXPECT_EQ(view(call.request.identifiers[1].value), std::string_view("\0x", 2));
  ASSERT_EQ(call.request.input_count, 2U);
  EXPECT_EQ(view(call.request.inputs[0].name), "contact");
  EXPECT_EQ(view(call.request.inputs[0].data), R"({"name":"Ada"})");
  EXPECT_EQ(call.request.inputs[0].age_ns, 5'000'000'000);
  EXPECT_EQ(call.request.inputs[0].stale, 1U);
  EXPECT_EQ(call.request.inputs[1].stale, 0U);
  expect_whole(body, [&](std::string_view text) { return read(text, call); });
}

TEST(MessagesTest, AnAnswerComesAsItWasSentButForTheHubsVerdict) {
  Answer answer;
  answer.handle = 9;
  answer.reply.status = PLUGBOARD_OK;
  answer.reply.verbatim = true;
  answer.reply.data = R"({"name":"Ä"})";
  answer.reply.message = std::string(5000, 'm');
  answer.reply.retry_after = std::chrono::hours(48);
  answer.reply.identifiers = {{"email", "a@b.example", true, {}}};
  answer.reply.verdict = Verdict::crashed;
  std::string out;
  write(out, answer);
  const std::string body = body_of(out, Type::reply);
  const auto read = read_answer(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->handle, 9U);
  EXPECT_TRUE(read->reply.verbatim);
  EXPECT_EQ(read->reply.data, answer.reply.data);
  EXPECT_EQ(read->reply.message.size(), kMostMessage);
  EXPECT_EQ(read->reply.retry_after, std::chrono::hours(24));
  EXPECT_EQ(read->reply.identifiers.at(0).value, "a@b.example");
  EXPECT_EQ(read->reply.verdict, std::nullopt); // a worker has no say in what the hub says of it
  expect_whole(body, [](std::string_view text) { return read_answer(text).has_value(); });
}

TEST(MessagesTest, AnAnswerHasNoMoreIdentifiersThanAReplyMay) {
  Answer answer;
  answer.reply.identifiers.resize(kMostYields + 1);
  std::string out;
  write(out, answer);
  EXPECT_FALSE(read_answer(body_of(out, Type::reply)));
}

TEST(MessagesTest, HttpComesAsItWasSentBothWays) {
  const plugboard_http_header headers[] = {{str("accept"), str("application/json")}};
  plugboard_http_request request{};
  request.p = PLUGBOARD_PREFIX(plugboard_http_request);
  request.call = reinterpret_cast<plugboard_call*>(std::uintptr_t{5});
  request.method = str("GET");
  request.url = str("https://api.example/x");
  request.headers = headers;
  request.header_count = 1;
  request.timeout_ns = 3;
  std::string out;
  write_http_send(out, 11, request);
  std::string body = body_of(out, Type::http_send);
  HttpSend send;
  ASSERT_TRUE(read(body, send));
  EXPECT_EQ(send.exchange, 11U);
  EXPECT_EQ(send.call, 5U);
  EXPECT_EQ(send.request.call, nullptr); // whoever makes the request knows which call that is
  EXPECT_EQ(view(send.request.url), "https://api.example/x");
  EXPECT_EQ(view(send.request.headers[0].value), "application/json");
  expect_whole(body, [&](std::string_view text) { return read(text, send); });

  plugboard_http_response response{};
  response.status = 200;
  response.body = str("{}");
  out.clear();
  write_http_response(out, 11, response);
  body = body_of(out, Type::http_response);
  HttpResponse got;
  ASSERT_TRUE(read(body, got));
  EXPECT_EQ(got.response.status, 200);
  EXPECT_EQ(got.response.p.magic, PLUGBOARD_MAGIC);
  EXPECT_EQ(view(got.response.body), "{}");
  expect_whole(body, [&](std::string_view text) { return read(text, got); });
}

TEST(MessagesTest, TheSmallOnesComeAsTheyWereSent) {
  std::string out;
  write(out, Cancel{3});
  EXPECT_EQ(read_cancel(body_of(out, Type::cancel))->handle, 3U);
  out.clear();
  write(out, Said{2, "words"});
  EXPECT_EQ(read_said(body_of(out, Type::log))->message, "words");
  out.clear();
  write(out, FileChanged{1, "bytes"});
  EXPECT_EQ(read_file_changed(body_of(out, Type::file))->bytes, "bytes");
  out.clear();
  write(out, SecretGet{4, "/url"});
  EXPECT_EQ(read_secret_get(body_of(out, Type::secret_get))->handle, "/url");
  out.clear();
  write(out, SecretValue{4, PLUGBOARD_OK, "value"});
  EXPECT_EQ(read_secret_value(body_of(out, Type::secret))->value, "value");
  out.clear();
  write(out, Type::pong, Ping{6});
  EXPECT_EQ(read_ping(body_of(out, Type::pong))->number, 6U);
  out.clear();
  write(out, Refused{"why"});
  EXPECT_EQ(read_refused(body_of(out, Type::refused))->message, "why");
  out.clear();
  write(out, Hello{{{Layer::seccomp, true, ""}}, "standard"});
  EXPECT_EQ(read_hello(body_of(out, Type::hello))->profile, "standard");
  out.clear();
  write_bare(out, Type::stopped);
  EXPECT_EQ(body_of(out, Type::stopped), "");
}

} // namespace
} // namespace plugboard::wire
