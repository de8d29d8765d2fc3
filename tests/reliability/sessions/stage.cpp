#include "tests/reliability/sessions/stage.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>
#include <utility>

namespace plugboard::test {
namespace {

session::Keys one_key() {
  std::map<std::string, Secret> keys;
  keys.emplace("k1", Secret(std::string(40, 'k')));
  return session::Keys::make("k1", std::move(keys)).value();
}

// call(done) until done was called.
template <class T, class Call>
Result<T> waited(Call call) {
  std::promise<Result<T>> told;
  call([&](Result<T> outcome) { told.set_value(std::move(outcome)); });
  return told.get_future().get();
}

} // namespace

std::string text_of(const Secret& secret) {
  return std::string(secret.reveal());
}

Stage::Stage(Random& its_random, std::size_t kept_in_memory)
    : random_(its_random), log_(stream_log(log_text_, Level::debug, clock)), keys_(one_key()) {
  limits.kept_in_memory = kept_in_memory;
  start();
}

Stage::~Stage() {
  stop();
}

void Stage::start() {
  store::Database::Options options;
  options.path = folder_ / "store.db";
  options.flush = false;
  auto opened = store::Database::open(options, *log_, metrics_);
  if (!opened) throw std::runtime_error(to_string(opened.error()));
  database_ = std::move(*opened);
  auto made = session::Sessions::make(*database_, keys_, limits, clock, random_, *log_, metrics_,
                                      [this](const Alarm& alarm) { alarms.push_back(alarm); });
  if (!made) throw std::runtime_error(to_string(made.error()));
  sessions_ = std::move(*made);
  continuations_ = session::Continuations::make(*database_, keys_, clock, random_, *log_, metrics_);
}

void Stage::stop() { // the database, which ends what is under way, last
  sessions_.reset();
  continuations_.reset();
  database_.reset();
}

void Stage::restart() {
  stop();
  start();
}

void Stage::tend() {
  sessions_->tend();
  static_cast<void>(database_->write_now([](store::Connection&) -> Result<void> { return {}; }));
}

Proved Stage::proof(const std::string& subject, Assurance assurance, const std::string& tenant) const {
  Proved proved;
  proved.tenant = tenant;
  proved.issuer = "https://shop.example";
  proved.subject = subject;
  proved.assurance = assurance;
  proved.methods = {"test"};
  proved.authenticated_at = clock.wall();
  proved.identifiers = {{"email", subject + "@shop.example", true, "login"}};
  return proved;
}

Result<Created> Stage::log_in(Proved proved, Holder holder) {
  return waited<Created>([&](auto done) { sessions_->create(std::move(proved), std::move(holder), {}, done); });
}

Result<AccessPtr> Stage::find(const std::string& token, const std::string& client, const std::string& tenant) {
  return waited<AccessPtr>([&](auto done) { sessions_->find(token, tenant, client, {}, done); });
}

Result<Created> Stage::step_up(const std::string& token, const std::string& client, Proved proved) {
  return waited<Created>(
      [&](auto done) { sessions_->step_up(sessions_->hashes_of(token), client, std::move(proved), {}, done); });
}

Result<std::string> Stage::hand_off(const std::string& token, const std::string& client, const std::string& to,
                                    const std::string& tenant) {
  auto handed = waited<session::HandedOff>([&](auto done) { sessions_->handoff(token, tenant, client, to, {}, done); });
  if (!handed) return handed.error();
  return text_of(handed->code);
}

Result<Created> Stage::redeem(const std::string& code, Holder holder, const std::string& tenant) {
  return waited<Created>([&](auto done) { sessions_->redeem(code, tenant, std::move(holder), {}, done); });
}

Result<void> Stage::revoke(const std::string& token, const std::string& client, const std::string& tenant) {
  return waited<void>([&](auto done) { sessions_->revoke(token, tenant, client, {}, done); });
}

Result<void> Stage::end(Revocation revocation) {
  return waited<void>([&](auto done) { sessions_->end(std::move(revocation), {}, done); });
}

Result<std::string> Stage::begin_login() {
  auto opened = waited<session::Continuations::Opened>([&](auto done) {
    continuations_->open({"default", "desk", "otp", "a plugin's state", {}}, clock.wall() + std::chrono::minutes(5), {},
                         done);
  });
  if (!opened) return opened.error();
  return text_of(opened->token);
}

bool Stage::lives(const Created& one) {
  const bool found = find(text_of(one.token), one.access->token.client, one.access->session.tenant).has_value();
  if (found != sessions_->alive(*one.access)) throw std::runtime_error("a token lives and its work does not, or so");
  return found;
}

std::int64_t Stage::count(std::string_view sql) {
  std::int64_t number = -1;
  const auto read = database_->read_now([&](store::Connection& connection) -> Result<void> {
    const auto statement = connection.prepare(sql);
    if (!statement) return statement.error();
    const auto row = (*statement)->step();
    if (!row) return row.error();
    number = (*statement)->integer(0);
    return {};
  });
  if (!read) throw std::runtime_error(to_string(read.error()));
  return number;
}

std::string Stage::files() const {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

} // namespace plugboard::test
