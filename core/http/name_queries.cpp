#include "core/http/name_queries.hpp"

#include "core/base/insist.hpp"
#include "core/http/contained.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include <ares.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

namespace plugboard::http {
namespace {

constexpr int kTimeOfATry = 1000; // ms; the second waits twice as long
constexpr int kTries = 2;
constexpr Duration kRenewAfter = std::chrono::minutes(1);

Error no_address(int status) {
  const bool known = status != ARES_ENOTFOUND && status != ARES_ENODATA;
  return fail(Code::unreachable, (known ? "its name could not be looked up: " : "its name is not known: ") +
                                     std::string(ares_strerror(status)));
}

Address address_of(const sockaddr& raw) {
  if (raw.sa_family == AF_INET)
    return boost::asio::ip::address_v4(ntohl(reinterpret_cast<const sockaddr_in&>(raw).sin_addr.s_addr));
  const auto& six = reinterpret_cast<const sockaddr_in6&>(raw);
  boost::asio::ip::address_v6::bytes_type bytes;
  std::copy(std::begin(six.sin6_addr.s6_addr), std::end(six.sin6_addr.s6_addr), bytes.begin());
  return boost::asio::ip::address_v6(bytes, six.sin6_scope_id);
}

Duration time_to_live(const ares_addrinfo& found) {
  int least = std::numeric_limits<int>::max();
  for (const auto* node = found.nodes; node; node = node->ai_next) least = std::min(least, node->ai_ttl);
  for (const auto* alias = found.cnames; alias; alias = alias->next) least = std::min(least, alias->ttl);
  return std::chrono::seconds(std::max(least, 0));
}

} // namespace

// What c-ares calls back touches nothing that needs memory: an answer is a pointer until deliver() looks at it.
struct NameQueries::Question {
  std::string name;
  int status = -1; // not answered yet
  ares_addrinfo* found = nullptr;

  explicit Question(std::string asked) : name(std::move(asked)) {}

  ~Question() {
    if (found) ares_freeaddrinfo(found);
  }

  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  static void answered(void* question, int status, int, ares_addrinfo* found) {
    auto& self = *static_cast<Question*>(question);
    self.status = status;
    self.found = found;
  }
};

struct NameQueries::Ear { // one socket of c-ares's
  Socket socket;
  bool wants_read = false, wants_write = false;
  bool waits_read = false, waits_write = false;

  explicit Ear(Socket taken) : socket(std::move(taken)) {}
};

struct NameQueries::FromC {
  static NameQueries& self(void* user) { return *static_cast<NameQueries*>(user); }

  static ares_socket_t open(int family, int type, int protocol, void* user) {
    return contained(ARES_SOCKET_BAD, [&] {
      const int fd = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
      if (fd < 0) return ARES_SOCKET_BAD;
      auto socket = Socket::adopt(self(user).io_, fd);
      if (!socket) return ARES_SOCKET_BAD;
      self(user).ears_.emplace(fd, std::make_shared<Ear>(std::move(*socket)));
      return fd;
    });
  }

  static int close(ares_socket_t fd, void* user) {
    self(user).ears_.erase(fd);
    return 0;
  }

  static int connect(ares_socket_t fd, const sockaddr* address, ares_socklen_t size, void*) {
    return ::connect(fd, address, size);
  }

  static ares_ssize_t receive(ares_socket_t fd, void* into, std::size_t size, int flags, sockaddr* from,
                              ares_socklen_t* from_size, void*) {
    return ::recvfrom(fd, into, size, flags, from, from_size);
  }

  static ares_ssize_t send(ares_socket_t fd, const iovec* parts, int count, void*) {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts);
    message.msg_iovlen = static_cast<std::size_t>(count);
    return ::sendmsg(fd, &message, MSG_NOSIGNAL);
  }

  static void state(void* user, ares_socket_t fd, int readable, int writable) {
    self(user).hear(fd, readable != 0, writable != 0);
  }

  static constexpr ares_socket_functions kSockets{&open, &close, &connect, &receive, &send};
};

NameQueries::NameQueries(boost::asio::io_context& io, const Clock& clock, const NameServers& servers, Answered answered)
    : io_(io), clock_(clock), servers_(servers), answered_(std::move(answered)), timers_(io, clock) {}

NameQueries::~NameQueries() {
  close();
}

void NameQueries::close() {
  if (channel_) ares_destroy(std::exchange(channel_, nullptr)); // answers what is open: they are still there
}

// A channel reads /etc/resolv.conf once. No ares_library_init: it does nothing but on Windows.
bool NameQueries::ready() {
  const auto now = clock_.now();
  if (channel_ && questions_.empty() && (in_doubt_ || now - made_ >= kRenewAfter)) close();
  if (channel_) return true;
  char hosts_then_servers[] = "fb";
  ares_options options{};
  options.timeout = kTimeOfATry;
  options.tries = kTries;
  options.lookups = hosts_then_servers;
  options.sock_state_cb = &FromC::state;
  options.sock_state_cb_data = this;
  if (ares_init_options(&channel_, &options,
                        ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB) !=
      ARES_SUCCESS) {
    channel_ = nullptr;
    return false;
  }
  made_ = now;
  in_doubt_ = false;
  ares_set_socket_functions(channel_, &FromC::kSockets, this);
  std::string list;
  for (const auto& address : servers_.addresses) list += (list.empty() ? "" : ",") + address;
  if (list.empty() || ares_set_servers_ports_csv(channel_, list.c_str()) == ARES_SUCCESS) return true;
  close();
  return false;
}

void NameQueries::ask(const std::string& name) {
  const bool is_ready = ready();
  auto& question = *questions_.emplace_back(std::make_unique<Question>(name));
  if (is_ready) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, &Question::answered, &question);
    insist([this] { watch_time(); });
  } else {
    question.status = ARES_ENOMEM;
  }
  if (question.status >= 0) insist([this] { deliver_soon(); });
}

void NameQueries::hear(int fd, bool readable, bool writable) {
  const auto found = ears_.find(fd);
  if (found == ears_.end()) return;
  found->second->wants_read = readable;
  found->second->wants_write = writable;
  contained(false, [&] { // without memory for it the question's time ends it
    wait(found->second);
    return true;
  });
}

void NameQueries::wait(const std::shared_ptr<Ear>& ear) {
  const auto handler = [this, fd = ear->socket.fd(), weak = std::weak_ptr(ear)](bool reading) {
    return [this, fd, weak, reading](const boost::system::error_code& error) {
      const auto still = weak.lock();
      if (!still) return; // closed, and so perhaps is all this
      (reading ? still->waits_read : still->waits_write) = false;
      if (error || !(reading ? still->wants_read : still->wants_write)) return;
      process(reading ? fd : ARES_SOCKET_BAD, reading ? ARES_SOCKET_BAD : fd);
    };
  };
  if (ear->wants_read && !ear->waits_read) {
    ear->socket.when_readable(handler(true));
    ear->waits_read = true;
  }
  if (ear->wants_write && !ear->waits_write) {
    ear->socket.when_writable(handler(false));
    ear->waits_write = true;
  }
}

void NameQueries::process(int readable, int writable) {
  ares_process_fd(channel_, readable, writable);
  insist([&] { // those that still stand, to be heard again
    for (const auto& [fd, ear] : ears_) wait(ear);
  });
  insist([this] { watch_time(); });
  deliver();
}

void NameQueries::watch_time() {
  timeval left{};
  const auto* next = ares_timeout(channel_, nullptr, &left);
  if (alarm_) timers_.clear(*std::exchange(alarm_, std::nullopt));
  if (!next) return;
  const Duration wait = std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
  alarm_ = timers_.set(clock_.now() + wait, [this] {
    alarm_.reset();
    process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

void NameQueries::deliver_soon() {
  boost::asio::post(io_, [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) deliver();
  });
}

void NameQueries::deliver() {
  const std::weak_ptr<char> alive = alive_;
  while (!alive.expired()) {
    const auto done =
        std::find_if(questions_.begin(), questions_.end(), [](const auto& question) { return question->status >= 0; });
    if (done == questions_.end()) return;
    std::optional<Answer> answer;
    insist([&] { answer = answer_to(**done); });
    questions_.erase(done);
    answered_(std::move(*answer)); // last: it may destroy this object
  }
}

NameQueries::Answer NameQueries::answer_to(const Question& question) {
  Addresses addresses;
  for (const auto* node = question.found ? question.found->nodes : nullptr; node; node = node->ai_next)
    addresses.push_back(address_of(*node->ai_addr));
  const int status = question.status == ARES_SUCCESS && addresses.empty() ? ARES_ENODATA : question.status;
  if (status == ARES_SUCCESS) return {question.name, std::move(addresses), time_to_live(*question.found)};
  const bool in_doubt = status != ARES_ENOTFOUND && status != ARES_ENODATA;
  in_doubt_ = in_doubt_ || in_doubt;
  return {question.name, no_address(status), {}, in_doubt};
}

} // namespace plugboard::http
