#include "tests/reliability/edge/probes.hpp"

#include "tests/support/connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace plugboard::test {

namespace {

using Clock = std::chrono::steady_clock;

bool is_cut(int fd) { // by a reset, or an answer's end; takes one byte of what there is
  pollfd look{fd, POLLIN, 0};
  if (::poll(&look, 1, 0) <= 0) return false;
  if (look.revents & (POLLERR | POLLHUP)) return true; // although there is more to read
  char byte = 0;
  return ::recv(fd, &byte, 1, 0) <= 0;
}

} // namespace

Milliseconds time_health(int port, const std::string& address) {
  const auto begun = Clock::now();
  const auto socket = connect_tcp(port, address);
  std::string answer;
  if (!send_all(socket.get(), "GET /healthz HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n\r\n"))
    return Milliseconds(-1);
  while (receive_some(socket.get(), answer, std::chrono::seconds(10)) > 0) {}
  return answer.starts_with("HTTP/1.1 200 ") ? Milliseconds(Clock::now() - begun) : Milliseconds(-1);
}

Cost cost_of(pid_t process) {
  Cost cost;
  const auto folder = "/proc/" + std::to_string(process);
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(folder + "/task", gone)) {
    double nanoseconds = 0;
    std::ifstream(task.path() / "schedstat") >> nanoseconds;
    cost.cpu_ms += nanoseconds / 1e6;
  }
  double all = 0, resident = 0;
  std::ifstream(folder + "/statm") >> all >> resident;
  cost.memory_mb = resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
  return cost;
}

std::chrono::milliseconds time_until_cut(int port, Slowness slowness, std::chrono::milliseconds patience) {
  const std::string page = "GET /openapi.json HTTP/1.1\r\nHost: hub.test\r\n\r\n";
  const auto socket = connect_tcp(port, "127.0.0.1", slowness == Slowness::reading ? 1024 : 0);
  const auto begun = Clock::now();
  if (slowness == Slowness::head) send_all(socket.get(), "GET /healthz HTTP/1.1\r\nHost: hub.test\r\nX-A: ");
  if (slowness == Slowness::body)
    send_all(socket.get(), "POST /v1/context HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 4096\r\n\r\n{");
  if (slowness == Slowness::reading) send_all(socket.get(), page + page + page);
  while (Clock::now() - begun < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    if (slowness == Slowness::reading) {
      if (is_cut(socket.get())) break;
      continue;
    }
    std::string answer;
    pollfd look{socket.get(), POLLIN, 0};
    if (::poll(&look, 1, 0) > 0 && receive_some(socket.get(), answer, std::chrono::milliseconds(0)) >= 0) break;
    if (!send_all(socket.get(), "x")) break;
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
}

} // namespace plugboard::test
