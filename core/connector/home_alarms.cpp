#include "core/connector/home_alarms.hpp"

#include "core/base/on_exit.hpp"
#include "core/connector/guard.hpp"

#include <plugboard/abi.h>

#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostWaiting = 4096; // of one connector on one home

} // namespace

HomeAlarms::HomeAlarms(Home& home, Mailbox& mailbox)
    : mailbox_(mailbox),
      due_(std::make_unique<Deadlines>(home.io, home.clock, [this](std::uint64_t id) { tell(id, PLUGBOARD_OK); })) {}

std::uint64_t HomeAlarms::begin(std::unique_ptr<Alarm> alarm) {
  if (waiting_.size() >= kMostWaiting) return tell(*alarm, PLUGBOARD_BUSY), 0;
  const std::uint64_t id = next_++;
  const Deadline at = alarm->at;
  OnExit beginning([&] { // for want of memory it could not: the plugin is told, else it waits for ever
    const auto node = waiting_.extract(id);
    tell(alarm ? *alarm : *node.mapped(), PLUGBOARD_BUSY);
  });
  waiting_.try_emplace(id, std::move(alarm));
  due_->add(at, id);
  beginning.dismiss();
  return id;
}

void HomeAlarms::refuse(std::unique_ptr<Alarm> alarm) {
  tell(*alarm, PLUGBOARD_CANCELLED);
}

void HomeAlarms::cancel(std::uint64_t id) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  due_->remove(found->second->at, id);
  tell(id, PLUGBOARD_CANCELLED);
}

void HomeAlarms::close() {
  due_.reset();
  while (!waiting_.empty()) tell(waiting_.begin()->first, PLUGBOARD_CANCELLED);
}

void HomeAlarms::tell(std::uint64_t id, std::int32_t outcome) {
  const auto node = waiting_.extract(id);
  if (!node.empty()) tell(*node.mapped(), outcome);
}

void HomeAlarms::tell(const Alarm& alarm, std::int32_t outcome) {
  {
    const Mailbox::Visit visit(mailbox_);
    static_cast<void>(guarded([&] { alarm.when(alarm.user, outcome); })); // its call then times out
  }
  mailbox_.deliver();
}

} // namespace plugboard::connector
