#include "tests/support/worker_cell.hpp"

#include "core/wire/abi_text.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace plugboard::test {
namespace {

constexpr std::chrono::seconds kMost{60};
constexpr std::uint32_t kUser = 61184;

Descriptor sealed(const std::string& plugin) {
  std::ifstream file(plugin, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  Descriptor memory(::memfd_create("plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (bytes.empty() || ::write(memory.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("there is no plugin " + plugin);
  ::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  return memory;
}

[[noreturn]] void become_launcher(int program, int socket, int bytes) {
  const int null = ::open("/dev/null", O_RDWR);
  for (int number = 0; number < 3; ++number) ::dup2(null, number);
  const int far_socket = ::fcntl(socket, F_DUPFD, 100), far_bytes = ::fcntl(bytes, F_DUPFD, 100);
  const int far_program = ::fcntl(program, F_DUPFD_CLOEXEC, 100);
  ::dup2(far_socket, 3);
  ::dup2(far_bytes, 4); // 100 and on are left open: the launcher closes what it does not need
  char name[] = "plugboard-worker";
  char* words[] = {name, nullptr};
  char* none[] = {nullptr};
  ::fexecve(far_program, words, none);
  ::_exit(99);
}

} // namespace

std::uint32_t a_users_number() {
  return ::geteuid() == 0 ? kUser : 0;
}

std::string WorkerCell::program() {
  return PLUGBOARD_WORKER;
}

WorkerCell::WorkerCell(const std::string& plugin, const wire::Launch& launch) {
  start(plugin);
  std::string frame;
  wire::write(frame, launch);
  if (!say(frame)) return;
  read_launched();
  if (!refused_.empty()) return;
  const auto body = hear(wire::Type::hello);
  const auto hello = body ? wire::read_hello(*body) : std::nullopt;
  if (!hello) {
    refused_ = "the worker said no hello";
    return;
  }
  profile_ = hello->profile;
  for (const wire::LayerState& state : hello->layers) layers_[state.layer] = state;
}

WorkerCell::~WorkerCell() {
  if (ended_) return;
  send(SIGTERM);
  ended();
}

void WorkerCell::start(const std::string& plugin) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("no socketpair");
  socket_ = Descriptor(ends[0]);
  const Descriptor theirs(ends[1]), bytes = sealed(plugin), file(::open(program().c_str(), O_RDONLY | O_CLOEXEC));
  launcher_ = ::fork();
  if (launcher_ == 0) become_launcher(file.get(), theirs.get(), bytes.get());
}

void WorkerCell::read_launched() {
  char bytes[4096];
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * wire::kMostTunnels)];
  iovec piece{bytes, wire::kHeadBytes};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t got = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  if (got > 0) buffer_.append(bytes, static_cast<std::size_t>(got));
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); got > 0 && head != nullptr; head = CMSG_NXTHDR(&message, head))
    for (std::size_t at = 0; at + CMSG_LEN(0) < head->cmsg_len; at += sizeof(int)) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(head) + at, sizeof number);
      listeners_.emplace_back(number);
    }
  const auto body = hear(wire::Type::launched);
  const auto launched = body ? wire::read_launched(*body) : std::nullopt;
  if (!launched) {
    refused_ = "the launcher ended with " + std::to_string(ended());
    return;
  }
  refused_ = launched->refused;
  worker_ = static_cast<pid_t>(launched->pid);
  for (const wire::LayerState& state : launched->layers) layers_[state.layer] = state;
}

bool WorkerCell::has(wire::Layer layer) const {
  const auto found = layers_.find(layer);
  return found != layers_.end() && found->second.present;
}

bool WorkerCell::say(const std::string& frames) {
  return ::send(socket_.get(), frames.data(), frames.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(frames.size());
}

std::optional<std::string> WorkerCell::hear(wire::Type wanted) {
  for (;;) {
    const auto whole = [&](std::size_t bytes) { return buffer_.size() >= bytes; };
    const std::size_t length = whole(4) ? wire::FieldReader(buffer_).u32() : 0;
    if (whole(wire::kHeadBytes) && whole(4 + length)) {
      const auto type = static_cast<wire::Type>(buffer_[4]);
      std::string body = buffer_.substr(wire::kHeadBytes, length - 1);
      buffer_.erase(0, 4 + length);
      if (type == wanted) return body;
      if (type == wire::Type::refused) return refused_ = wire::read_refused(body)->message, std::nullopt;
      continue;
    }
    pollfd one{socket_.get(), POLLIN, 0};
    char bytes[65536];
    if (::poll(&one, 1, static_cast<int>(std::chrono::milliseconds(kMost).count())) != 1) return std::nullopt;
    const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (got <= 0) return std::nullopt;
    buffer_.append(bytes, static_cast<std::size_t>(got));
  }
}

std::string WorkerCell::set_up(const wire::Setup& setup) {
  std::string frame;
  wire::write(frame, setup);
  if (say(frame) && hear(wire::Type::started)) return "";
  return refused_.empty() ? "the worker is gone" : refused_;
}

std::optional<std::string> WorkerCell::look_up(const std::string& section, const plugboard_identifier& identifier,
                                               const std::string& params) {
  plugboard_request request{};
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = PLUGBOARD_LOOKUP;
  request.deadline_ns = (std::chrono::steady_clock::now() + kMost).time_since_epoch().count();
  request.section = wire::str(section);
  request.params = wire::str(params);
  request.identifiers = &identifier;
  request.identifier_count = 1;
  std::string frame;
  wire::write_call(frame, ++calls_, request);
  const auto body = say(frame) ? hear(wire::Type::reply) : std::nullopt;
  auto answer = body ? wire::read_answer(*body) : std::nullopt;
  return answer ? std::optional(std::move(answer->reply.data)) : std::nullopt;
}

std::string WorkerCell::text_of(const std::string& file) const {
  std::ostringstream text;
  text << std::ifstream("/proc/" + std::to_string(worker_) + "/" + file).rdbuf();
  return text.str();
}

void WorkerCell::stop() {
  std::string frame;
  wire::write_bare(frame, wire::Type::stop);
  if (say(frame)) hear(wire::Type::stopped);
}

void WorkerCell::hang_up() {
  socket_ = Descriptor();
}

void WorkerCell::send(int signal) const {
  ::kill(launcher_, signal);
}

int WorkerCell::ended() {
  if (ended_) return *ended_;
  int status = 0;
  while (::waitpid(launcher_, &status, 0) < 0 && errno == EINTR) {}
  ended_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return *ended_;
}

} // namespace plugboard::test
