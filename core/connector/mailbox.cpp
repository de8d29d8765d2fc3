#include "core/connector/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <new>
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
  if (sent_.empty()) boost::asio::post(*io_, [self = shared_from_this()] { self->fetch(); });
  sent_.push_back(std::move(message)); // after the post: no message ever waits for a fetch that nobody asked for
  return true;
}

void Mailbox::fetch() {
  std::vector<Message> messages;
  {
    const std::lock_guard lock(mutex_);
    messages.swap(sent_);
  }
  hand_over(messages);
}

void Mailbox::deliver() {
  while (!local_.empty() && visitor_.load() != std::this_thread::get_id()) {
    std::vector<Message> messages(std::move(spare_)); // for its memory
    messages.swap(local_);
    hand_over(messages);
    messages.clear();
    spare_ = std::move(messages);
  }
}

void Mailbox::hand_over(std::vector<Message>& messages) {
  for (Message& message : messages) {
    if (receiver_ == nullptr) return; // it may go away while it receives: it closes the connector
    try {
      receiver_->receive(std::move(message));
    } catch (const std::bad_alloc&) { // that call ends at its deadline; the others' messages are still theirs
    }
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
