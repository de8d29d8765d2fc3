#include "core/conformance/rig.hpp"

#include "core/connector/forever.hpp"
#include "core/connector/library.hpp"
#include "core/connector/plugin_extension.hpp"
#include "core/connector/table_check.hpp"

#include <thread>

namespace plugboard::conformance {
namespace {

std::string said(const plugboard_error& error, const char* what) {
  return std::string(what) + " refused: " + std::string(error.message, ::strnlen(error.message, sizeof error.message));
}

Scripted answer_of(const Scenario& scenario, const Sent& sent) {
  const auto* answer = answer_to(sent, scenario.upstream);
  return answer ? *answer : Scripted{.status = 404};
}

} // namespace

void CallUnderWay::returned() {
  const std::lock_guard lock(mutex_);
  returned_ = true;
  came_.notify_all();
}

bool CallUnderWay::returns_within(Duration patience) {
  std::unique_lock lock(mutex_);
  return came_.wait_for(lock, patience, [this] { return returned_; });
}

Rig& Rig::of(const Subject& subject) {
  return connector::keep_for_ever(std::make_unique<Rig>(subject));
}

Rig::Rig(const Subject& subject)
    : subject_(subject), host_({subject.scenario.secrets, subject.scenario.files, subject.scenario.folders,
                                subject.file.manifest.metrics}) {
  upstream(Upstream::scripted);
}

std::string Rig::load() {
  const auto table = connector::load_library(subject_.file);
  if (!table) return table.error().message;
  auto checked = connector::check_table(*table, subject_.file);
  if (!checked) return checked.error().message;
  table_ = *checked;
  return {};
}

std::string Rig::create() {
  plugboard_error error{};
  error.p = PLUGBOARD_PREFIX(plugboard_error);
  if (table_->create(host_.raw(), {subject_.scenario.config.data(), subject_.scenario.config.size()}, &instance_,
                     &error) == PLUGBOARD_OK)
    return {};
  return said(error, "create");
}

std::string Rig::start() {
  plugboard_error error{};
  error.p = PLUGBOARD_PREFIX(plugboard_error);
  if (table_->start(instance_, &error) == PLUGBOARD_OK) return {};
  return said(error, "start");
}

std::string Rig::come_up() {
  auto why = load();
  if (why.empty()) why = create();
  if (why.empty()) why = start();
  return why;
}

void Rig::upstream(Upstream how) {
  if (how == Upstream::silent) return host_.serve(nullptr);
  host_.serve([this](const Sent& sent) { return answer_of(subject_.scenario, sent); });
}

void Rig::upstream(Scripted always) {
  host_.serve([always = std::move(always)](const Sent&) { return always; });
}

CallPtr Rig::ask(std::int32_t operation, const Question& question) {
  return begin(host_.converse(operation, question), table_->call);
}

CallPtr Rig::ask_health() {
  const auto health = connector::health_of(*table_, instance_);
  if (health.check == nullptr) return nullptr;
  Question nobody;
  nobody.section.clear();
  return begin(host_.converse(PLUGBOARD_CHECK_HEALTH, nobody), health.check);
}

CallPtr Rig::begin(std::shared_ptr<Conversation> conversation,
                   void (*call)(void*, const plugboard_request*, plugboard_call*)) {
  auto under_way = std::make_shared<CallUnderWay>(std::move(conversation));
  std::thread([this, under_way, call] { // let go of: it may hang for good, and the process ends without it
    call(instance_, &under_way->conversation().request(), under_way->conversation().handle());
    under_way->returned();
  })
      .detach();
  return under_way;
}

void Rig::cancel(CallUnderWay& call) {
  if (table_->cancel != nullptr) table_->cancel(instance_, call.conversation().handle());
  host_.cancel(call.conversation().handle());
}

void Rig::stop() {
  host_.cancel(nullptr);
  table_->stop(instance_);
}

void Rig::destroy() {
  table_->destroy(instance_);
}

bool Rig::asks_upstream(CallUnderWay& call) {
  constexpr auto kStep = std::chrono::milliseconds(5);
  for (Duration waited{}; waited < kPatience; waited += kStep) {
    if (!host_.sent().empty()) return true;
    if (call.answer_within(kStep)) return false;
  }
  return false;
}

} // namespace plugboard::conformance
