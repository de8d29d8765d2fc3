#include "bench.hpp"

#include "core/json/document.hpp"

#include <plugboard/shapes.hpp>

#include <boost/asio/post.hpp>

namespace plugboard::connector {

RunningHome::RunningHome(const Clock& clock, Log& log) : busy_(io.get_executor()) {
  resolver = http::Resolver::make(io, clock);
  client = http::Client::make(io, {}, {}, clock, log, resolver.get());
  home = std::make_unique<Home>(Home{io, *client, *resolver, reader, clock, {}});
  std::promise<void> running;
  thread_ = std::thread([&] {
    home->thread = std::this_thread::get_id();
    running.set_value();
    io.run();
  });
  running.get_future().wait();
}

RunningHome::~RunningHome() {
  end();
}

void RunningHome::end() {
  if (!thread_.joinable()) return;
  busy_.reset();
  io.stop();
  thread_.join();
  client.reset();
  resolver.reset();
  owned_io.reset();
}

Bench::Bench(std::size_t count) {
  std::vector<std::string_view> texts;
  for (const PublishedShape& shape : plugboard::shapes()) texts.push_back(shape.json);
  shapes = json::compile_shapes(texts).value();
  for (std::size_t i = 0; i < count; ++i) homes.push_back(std::make_unique<RunningHome>(clock, log));
}

void Bench::TearDown() {
  if (connector != nullptr) connector->stop();
  connector.reset();
}

std::string Bench::bad_plugin(const std::string& name) {
  return std::string(PLUGBOARD_BAD_PLUGINS) + "/" + name + ".so";
}

Settings Bench::settings(const std::string& file) {
  Settings settings;
  settings.name = "crm";
  settings.config = "{}";
  auto inspected = inspect_plugin_file(file);
  if (!inspected) throw std::runtime_error(inspected.error().message);
  settings.plugin = std::move(*inspected);
  settings.identifiers = settings.plugin.manifest.identifiers;
  std::vector<json::Fault> faults;
  const auto document = json::read_document(settings.plugin.manifest.sections_text, false);
  settings.sections = read_section_specs(document.tree, "", settings.name, faults);
  EXPECT_TRUE(faults.empty());
  return settings;
}

Settings Bench::probe(bool blocking) {
  Settings made = settings(std::string(PLUGBOARD_PROBES) + (blocking ? "/probe_blocking.so" : "/probe_async.so"));
  made.config = "{\"control\": " + std::to_string(reinterpret_cast<std::uintptr_t>(&control)) + "}";
  SectionSpec any{"any", "record/v1", {}, {}, {"customer_id", "crm.rep"}, {}};
  SectionSpec contact{"contact", "contact/v1", {}, {}, {}, {{"/customer_id", "customer_id"}}};
  SectionSpec score{"score", "record/v1", {}, {}, {}, {}, {{"contact", "contact/v1"}, {"orders", "orders/v1", true}}};
  made.sections = {any, contact, score};
  return made;
}

Result<std::unique_ptr<Connector>> Bench::try_start(Settings made) {
  std::vector<Home*> all;
  for (const auto& one : homes) all.push_back(one->home.get());
  return Connector::start(std::move(made), shapes, all, log, metrics);
}

Connector& Bench::start(Settings made) {
  auto started = try_start(std::move(made));
  if (!started) throw std::runtime_error(started.error().message);
  connector = std::move(*started);
  return *connector;
}

Connector::CallId Bench::begin(Inbox<Outcome>& into, std::string_view section, Deadline deadline, std::size_t home,
                               LookupRequest request) {
  for (std::size_t i = 0; i < connector->settings().sections.size(); ++i)
    if (connector->settings().sections[i].name == section) request.section = i;
  return homes[home]->run([&] {
    return connector->lookup(std::move(request), deadline, *homes[home]->home,
                             [&into](Outcome outcome) { into.put(std::move(outcome)); });
  });
}

Outcome Bench::ask(std::string_view section, Deadline deadline, LookupRequest request) {
  Inbox<Outcome> inbox;
  begin(inbox, section, deadline, 0, std::move(request));
  return inbox.take();
}

Authenticated Bench::step(AuthenticateRequest request) {
  Inbox<Authenticated> inbox;
  homes[0]->run([&] {
    connector->authenticate(std::move(request), Deadline::never(), *homes[0]->home,
                            [&](Authenticated result) { inbox.put(std::move(result)); });
    return 0;
  });
  return inbox.take();
}

boost::system::result<Proof, Rejected> Bench::prove() {
  auto proven = step({"default", {}, {}, "{\"token\": \"x\"}", {}});
  if (!proven) return proven.error();
  return std::get<Proof>(*proven);
}

Logout Bench::log_out(const std::string& credential) {
  Inbox<Logout> inbox;
  homes[0]->run([&] {
    connector->logout({"default", {}, credential}, Deadline::never(), *homes[0]->home,
                      [&](Logout result) { inbox.put(std::move(result)); });
    return 0;
  });
  return inbox.take();
}

Subject Bench::ask_right(Right right, const std::string& customer, Deadline deadline) {
  Inbox<Subject> inbox;
  homes[0]->run([&] {
    SubjectRequest request{right, "default", "request 7", {}, {}, {{"customer_id", customer, true, "admin"}}};
    connector->subject(std::move(request), deadline, *homes[0]->home,
                       [&](Subject result) { inbox.put(std::move(result)); });
    return 0;
  });
  return inbox.take();
}

LookupRequest Bench::for_nobody() {
  LookupRequest request;
  request.caller = std::make_shared<const Caller>(Caller{.tenant = "default"});
  return request;
}

LookupRequest Bench::for_email(const std::string& address) {
  LookupRequest request = for_nobody();
  request.identifiers.push_back({"email", address, true, "login"});
  return request;
}

plugboard_reply reply_of(std::int32_t status, std::string_view data, std::string_view message) {
  plugboard_reply reply{};
  reply.p = PLUGBOARD_PREFIX(plugboard_reply);
  reply.status = status;
  reply.data = {data.data(), data.size()};
  reply.message = {message.data(), message.size()};
  return reply;
}

void answer(const plugboard_host* host, plugboard_call* call, std::string_view data) {
  const plugboard_reply reply = reply_of(PLUGBOARD_OK, data);
  host->complete(host, call, &reply);
}

} // namespace plugboard::connector
