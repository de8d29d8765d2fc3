#include "core/connector/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace plugboard::connector {

bool Mailbox::send(Message&& message) {
  if (visitor_.load() == std::this_thread::get_id()) {
    if (closed_) return false;
    local_.push_back(std::move(message));
    return true;
  }
  const std::lock_guard lock(mutex_);
  if (io_ == nullptr) return false;
  sent_.push_back(std::move(message));
  if (sent_.size() == 1) boost::asio::post(*io_, [self = shared_from_this()] { self->fetch(); });
  return true;
}

void Mailbox::fetch() {
  std::vector<Message> messages;
  {
    const std::lock_guard lock(mutex_);
    messages.swap(sent_);
  }
  for (Message& message : messages) // the receiver may go away while it receives: it closes the connector
    if (receiver_ != nullptr) receiver_->receive(std::move(message));
}

void Mailbox::deliver() {
  while (!local_.empty() && visitor_.load() != std::this_thread::get_id()) {
    std::vector<Message> messages;
    messages.swap(local_);
    for (Message& message : messages)
      if (receiver_ != nullptr) receiver_->receive(std::move(message));
  }
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  io_ = nullptr;
  closed_ = true;
}

void Mailbox::finish() {
  deliver();
  fetch();
  receiver_ = nullptr;
}

} // namespace plugboard::connector
