#include "core/http/readiness.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace plugboard::http {
namespace {

constexpr std::uint32_t kEnd = EPOLLERR | EPOLLHUP; // told of whether asked for or not

} // namespace

Watched::Watched(Readiness& readiness, int fd) : readiness_(readiness), fd_(fd) {
  readiness_.enter(*this);
}

Watched::~Watched() {
  register_for(0);
  readiness_.leave(*this);
  ::close(fd_);
}

bool Watched::begin() {
  return register_for(EPOLLIN);
}

void Watched::when_readable(WaitHandler handler) {
  if ((registered_ & EPOLLIN) == 0 && !register_for(registered_ | EPOLLIN)) throw std::bad_alloc();
  on_readable_ = std::move(handler);
  readiness_.armed();
}

void Watched::when_writable(WaitHandler handler) {
  if ((registered_ & EPOLLOUT) == 0 && !register_for(registered_ | EPOLLOUT)) throw std::bad_alloc();
  on_writable_ = std::move(handler);
  readiness_.armed();
}

bool Watched::register_for(std::uint32_t events) {
  if (events == registered_ || !readiness_.epoll_) return true;
  epoll_event event{};
  event.events = events;
  event.data.ptr = this;
  const int what = registered_ == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  if (::epoll_ctl(readiness_.epoll_->native_handle(), what, fd_, &event) != 0) return false;
  registered_ = events;
  return true;
}

// What nobody waits for any more is registered until it happens: most wait again before.
void Watched::happened(std::uint32_t events) {
  const bool reads = (events & (EPOLLIN | kEnd)) != 0, writes = (events & (EPOLLOUT | kEnd)) != 0;
  auto left = registered_;
  if (reads && !on_readable_) left &= ~std::uint32_t{EPOLLIN};
  if (writes && !on_writable_) left &= ~std::uint32_t{EPOLLOUT};
  register_for(left);
  const auto& event =
      readiness_.events_[static_cast<std::size_t>(readiness_.next_ - 1)]; // without `this`: it has ended
  if (reads && on_readable_) {
    --readiness_.armed_;
    std::exchange(on_readable_, {})({});
  }
  if (event.data.ptr == nullptr) return;
  if (writes && on_writable_) {
    --readiness_.armed_;
    std::exchange(on_writable_, {})({});
  }
}

Readiness::Readiness(boost::asio::execution_context& context)
    : service(context), io_(static_cast<boost::asio::io_context&>(context)) {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  epoll_.emplace(io_, fd);
}

Readiness::~Readiness() = default;

// Handlers hold what holds sockets: nothing else would part them.
void Readiness::shutdown() {
  epoll_.reset();
  std::vector<WaitHandler> handlers;
  for (auto* watched : all_) {
    handlers.push_back(std::move(watched->on_readable_));
    handlers.push_back(std::move(watched->on_writable_));
  }
}

void Readiness::enter(Watched& watched) {
  watched.place_ = all_.size();
  all_.push_back(&watched);
}

void Readiness::leave(Watched& watched) {
  all_.back()->place_ = watched.place_;
  all_[watched.place_] = all_.back();
  all_.pop_back();
  for (int i = std::max(next_ - 1, 0); i < count_; ++i)
    if (auto& event = events_[static_cast<std::size_t>(i)]; event.data.ptr == &watched) event.data.ptr = nullptr;
  if (!epoll_) return;
  for (auto* handler : {&watched.on_readable_, &watched.on_writable_}) {
    if (!*handler) continue;
    disarmed();
    std::shared_ptr<WaitHandler> told; // not here: it may hold the last of whoever closes the socket
    insist([&] { told = std::make_shared<WaitHandler>(std::move(*handler)); });
    insist([&] { boost::asio::post(io_, [told] { (*told)(boost::asio::error::operation_aborted); }); });
  }
}

void Readiness::armed() {
  ++armed_;
  wait();
}

void Readiness::disarmed() {
  if (--armed_ == 0 && waiting_) epoll_->cancel();
}

// Insists: nobody would hear of anything any more.
void Readiness::wait() {
  if (waiting_ || armed_ == 0 || !epoll_) return;
  waiting_ = true;
  insist([this] {
    epoll_->async_wait(Descriptor::wait_read, [this](const boost::system::error_code& error) {
      waiting_ = false;
      if (error) return wait(); // cancelled; since then somebody may have come
      look();
    });
  });
}

void Readiness::look() {
  const OnExit again([this] { // also when a handler throws: what was not come to is told of anew
    count_ = next_ = 0;
    wait();
  });
  count_ = std::max(0, ::epoll_wait(epoll_->native_handle(), events_.data(), kAtOnce, 0));
  for (next_ = 0; next_ < count_;) {
    const auto& event = events_[static_cast<std::size_t>(next_++)];
    if (auto* watched = static_cast<Watched*>(event.data.ptr)) watched->happened(event.events);
  }
}

} // namespace plugboard::http
