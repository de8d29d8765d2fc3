#include "core/connector/home_errands.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/connector/guard.hpp"

#include <plugboard/abi.h>

#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostOpen = 4096; // of one connector on one home

} // namespace

std::uint64_t HomeErrands::begin(std::unique_ptr<Errand> errand) {
  if (open_.size() >= kMostOpen) return tell([&] { errand->refuse(PLUGBOARD_BUSY); }), 0;
  const std::uint64_t id = next_++;
  OnExit beginning([&] { // for want of memory it could not: the plugin is told, else it waits for ever
    const auto node = open_.extract(id);
    tell([&] { (errand ? *errand : *node.mapped()).refuse(PLUGBOARD_BUSY); });
  });
  const auto at = open_.try_emplace(id, std::move(errand)).first;
  at->second->run(finish_of(id));
  beginning.dismiss();
  return id;
}

// The mailbox is kept by who finishes, perhaps when the connector is long gone; then nobody reads it.
Errand::Finish HomeErrands::finish_of(std::uint64_t id) {
  return [mailbox = mailbox_.shared_from_this(), id](const std::function<void()>& tell) {
    insist([&] { static_cast<void>(mailbox->send(ErrandOver{id, tell})); });
  };
}

void HomeErrands::refuse(std::unique_ptr<Errand> errand) {
  tell([&] { errand->refuse(PLUGBOARD_CANCELLED); });
}

void HomeErrands::over(ErrandOver over) {
  const auto node = open_.extract(over.errand);
  if (!node.empty()) tell(over.tell);
}

void HomeErrands::cancel(std::uint64_t id) {
  const auto node = open_.extract(id);
  if (!node.empty()) tell([&] { node.mapped()->refuse(PLUGBOARD_CANCELLED); });
}

void HomeErrands::close() {
  while (!open_.empty()) cancel(open_.begin()->first);
}

void HomeErrands::tell(const std::function<void()>& how) {
  {
    const Mailbox::Visit visit(mailbox_);
    static_cast<void>(guarded(how)); // its call then times out
  }
  mailbox_.deliver();
}

} // namespace plugboard::connector
