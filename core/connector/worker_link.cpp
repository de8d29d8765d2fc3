#include "core/connector/worker_link.hpp"

#include "core/base/insist.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostBacklog = 64 << 20; // then it is held for deaf
constexpr int kReadsATurn = 4;                 // others wait on this thread too

} // namespace

WorkerLink::WorkerLink(const std::vector<Home*>& homes, std::size_t home, int socket, std::size_t most_frame_bytes,
                       Receiver& receiver)
    : homes_(homes), home_(home), socket_(homes.at(home)->io), buffer_(most_frame_bytes), receiver_(&receiver),
      resting_(homes.at(home)->io), turns_(homes.size()) {
  socket_.assign(boost::asio::local::stream_protocol(), socket);
}

WorkerLink::~WorkerLink() {
  for (const int fd : descriptors_) ::close(fd);
}

void WorkerLink::listen() {
  await_input();
}

void WorkerLink::close() {
  closed_ = true;
  receiver_ = nullptr;
  resting_.cancel();
  boost::system::error_code ignored;
  const std::lock_guard lock(mutex_);
  socket_.close(ignored);
  backlog_ = {};
}

std::vector<int> WorkerLink::take_descriptors() {
  may_get_descriptors_ = false;
  return std::exchange(descriptors_, {});
}

std::size_t WorkerLink::index_here() const {
  const auto here = std::this_thread::get_id();
  const auto found = std::find_if(homes_.begin(), homes_.end(), [&](const Home* home) { return home->thread == here; });
  return static_cast<std::size_t>(found - homes_.begin());
}

void WorkerLink::flush(std::size_t home) {
  Turn& turn = turns_[home];
  turn.flushes = false;
  if (!closed_) {
    const std::lock_guard lock(mutex_);
    write(turn.said);
  }
  turn.said.clear();
  if (turn.said.capacity() > (64 << 10)) turn.said = {};
}

void WorkerLink::write(std::string_view frames) {
  if (!socket_.is_open()) return;
  const bool waits = !backlog_.empty();
  while (!waits && !frames.empty()) {
    const ssize_t sent = ::send(socket_.native_handle(), frames.data(), frames.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) frames.remove_prefix(static_cast<std::size_t>(sent));
    if (sent >= 0 || errno == EINTR) continue;
    if (errno != EAGAIN) return; // it is gone: reading says so
    break;
  }
  if (frames.empty()) return;
  insist([&] { backlog_.append(frames); }); // else it would read the rest of a frame as a frame
  const auto on_home = [this](void (WorkerLink::*then)()) {
    insist([&] { boost::asio::post(homes_[home_]->io, [self = shared_from_this(), then] { (self.get()->*then)(); }); });
  };
  if (!waits) on_home(&WorkerLink::await_room);
  if (backlog_.size() > kMostBacklog && !std::exchange(deaf_, true)) on_home(&WorkerLink::give_up);
}

void WorkerLink::give_up() {
  if (receiver_ != nullptr) receiver_->broke_rules("it does not read what it is told");
}

void WorkerLink::await_room() {
  if (closed_) return;
  socket_.async_wait(boost::asio::socket_base::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       if (!error) self->room();
                     });
}

void WorkerLink::room() {
  if (closed_) return;
  const std::lock_guard lock(mutex_);
  const std::string frames = std::exchange(backlog_, {});
  write(frames);
}

void WorkerLink::await_input() {
  socket_.async_wait(boost::asio::socket_base::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       if (!error && !self->closed_) self->input();
                     });
}

bool WorkerLink::take_control(void* raw) {
  const auto& message = *static_cast<msghdr*>(raw);
  for (const cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(const_cast<msghdr*>(&message), const_cast<cmsghdr*>(control))) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) return false;
    const std::size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    const std::size_t before = descriptors_.size();
    descriptors_.resize(before + count);
    std::memcpy(descriptors_.data() + before, CMSG_DATA(control), count * sizeof(int));
  }
  return (message.msg_flags & MSG_CTRUNC) == 0;
}

// A worker may send no descriptors; without room for any, the kernel drops them and says so.
long WorkerLink::receive(std::span<char> room) {
  iovec into{room.data(), room.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * 64)> control{};
  msghdr message{};
  message.msg_iov = &into;
  message.msg_iovlen = 1;
  if (may_get_descriptors_) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
  const ssize_t got = ::recvmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got > 0 && !take_control(&message)) {
    receiver_->broke_rules("it sent a descriptor");
    return 0;
  }
  return got;
}

void WorkerLink::input() {
  const OnExit goes_on([this] { // whatever there was no memory for
    if (!closed_) insist([this] { go_on(); });
  });
  for (int reads = 0; reads < kReadsATurn && rest_ == Duration{}; ++reads) {
    const std::span<char> room = buffer_.room();
    const long got = receive(room);
    if (closed_) return;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) return receiver_->hung_up();
    buffer_.filled(static_cast<std::size_t>(got));
    hand_over();
    if (closed_ || static_cast<std::size_t>(got) < room.size()) return; // that was all there is
  }
}

void WorkerLink::go_on() {
  if (rest_ == Duration{}) return await_input();
  resting_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(rest_));
  resting_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || self->closed_) return;
    self->rest_ = {};
    insist([&] { self->await_input(); });
  });
}

void WorkerLink::hand_over() {
  wire::Frame frame;
  for (;;) {
    const auto next = buffer_.next(frame);
    if (next == wire::FrameBuffer::Next::incomplete) return;
    if (next == wire::FrameBuffer::Next::violation) return receiver_->broke_rules(buffer_.violation());
    receiver_->received(frame);
    if (closed_) return;
  }
}

} // namespace plugboard::connector
