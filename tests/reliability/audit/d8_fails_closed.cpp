// D8: the audit trail's disk is full, fails, refuses, hangs, is slow; its syslog server stands still. Within a second
// nothing is shown and nothing is changed any more, who may ask after the hub's health still may, and soon after the
// trouble is over it serves again. Whatever was shown is on record. And no record can be changed unseen.
#include "tests/reliability/audit/audited_hub.hpp"
#include "tests/reliability/audit/tampering.hpp"
#include "tests/reliability/durability/failpoints.hpp"
#include "tests/support/descriptor.hpp"

#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sched.h>
#include <set>

namespace plugboard::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kWrites = static_cast<std::uint32_t>(Call::write);
constexpr std::uint32_t kFlushes = static_cast<std::uint32_t>(Call::fdatasync);

double since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

struct Trouble {
  std::string name;
  std::function<void()> begin, end;
  bool may_serve = false; // slow is slow: what is on record in time is shown
};

class OneHub {
 public:
  OneHub(Showing& showing, HubProcess& hub) : showing_(showing), hub_(hub) {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    session_ = hub_.session();
    showing_.holds(look() == 200, "no context while all is well");
  }

  void suffer(const Trouble& trouble) {
    trouble.begin();
    const auto begun = Clock::now();
    int status = look();
    while (status == 200 && since(begun) < 30) status = look(); // what was under way, or what a server's room takes
    const double closed = since(begun);
    if (!trouble.may_serve) {
      showing_.holds(status == 503, trouble.name + ": still served after " + std::to_string(closed) + " s");
      showing_.holds(slowest_ < 1 + usual(), trouble.name + ": refused only after " + std::to_string(slowest_) + " s");
    }
    while_it_lasts(trouble);
    trouble.end();
    const auto mended = Clock::now();
    while (look() != 200 && since(mended) < 30) {}
    showing_.holds(since(mended) < 2 + usual(),
                   trouble.name + ": back only after " + std::to_string(since(mended)) + " s");
    slowest_back_ = std::max(slowest_back_, since(mended));
    showing_.count("troubles");
  }

  // Nobody was shown what is not on record; the trail holds.
  void reckon(const std::string& name) {
    showing_.holds(hub_.stop() == 0, name + ": the hub did not stop well");
    const auto verified = plugboard_says({"audit", "verify", "--folder", hub_.folder() / "var/audit"});
    showing_.holds(verified.code == 0, name + ": the trail does not hold: " + verified.err);
    std::string all;
    for (const auto& record : records_of(hub_)) all += record + "\n";
    for (const auto& context : shown_)
      showing_.holds(all.find("\"context\":\"" + context + "\",\"decision\"") != std::string::npos,
                     name + ": a context that was shown is not on record");
    showing_.count("shown", static_cast<std::int64_t>(shown_.size()));
  }

  double slowest_back() const { return slowest_back_; }

 private:
  // One context; its answer's status. Notes what was shown and how long a refusal took.
  int look() {
    const auto begun = Clock::now();
    const auto answer = hub_.post("/v1/context", R"({"session": ")" + session_ + "\"}");
    if (answer.status == 200) {
      shown_.insert(answer.json().text("/context_id"));
    } else {
      slowest_ = std::max(slowest_, since(begun));
      showing_.count("refused");
      showing_.holds(answer.problem() == "audit-unavailable", "refused otherwise: " + answer.body);
    }
    return answer.status;
  }

  void while_it_lasts(const Trouble& trouble) {
    for (int i = 0; i < 10; ++i) {
      const int status = look();
      showing_.holds(trouble.may_serve || status == 503, trouble.name + ": shown while nothing can be put on record");
    }
    for (const char* page : {"/healthz", "/readyz"})
      showing_.holds(hub_.get(page).status == 200, trouble.name + ": " + page + " is not answered");
    showing_.holds(hub_.admin("/admin/v1/connectors").status == 200, trouble.name + ": admins see nothing");
    showing_.holds(hub_.get("/v1/sections", kDesk).status == 200, trouble.name + ": no list of sections");
    if (trouble.may_serve) return;
    const auto added =
        hub_.admin_post("/admin/v1/clients", R"({"id": "new", "sections": ["*"], "scopes": ["context:read"]})");
    showing_.holds(added.status == 503, trouble.name + ": a client was added: " + std::to_string(added.status));
  }

  // What this machine adds to everything at the moment.
  double usual() {
    double slowest = 0;
    for (int i = 0; i < 20; ++i) {
      const auto begun = Clock::now();
      hub_.get("/healthz");
      slowest = std::max(slowest, since(begun));
    }
    return 3 * slowest;
  }

  Showing& showing_;
  HubProcess& hub_;
  std::string session_;
  std::set<std::string> shown_;
  double slowest_ = 0, slowest_back_ = 0;
};

void failing_calls(Showing& showing) {
  Failpoints failpoints;
  Upstream upstream;
  auto config = audited_hub(upstream);
  for (const auto& [name, value] : failpoints.environment()) config.environment[name] = value;
  const auto trouble = [&](const std::string& name, std::uint32_t calls, Deed deed, int error) {
    return Trouble{name,
                   [&, calls, deed, error] {
                     failpoints.arm(
                         {.calls = calls, .deed = deed, .error = error, .stays = true, .only = "/var/audit/"});
                   },
                   [&] { failpoints.disarm(); }, deed == Deed::slow};
  };
  for (const auto& one :
       {trouble("ENOSPC", kWrites, Deed::fail, ENOSPC), trouble("EIO on a write", kWrites, Deed::fail, EIO),
        trouble("EPERM", kWrites, Deed::fail, EPERM), trouble("EIO on a flush", kFlushes, Deed::fail, EIO),
        trouble("a flush that hangs", kFlushes, Deed::wait, 0), trouble("slow flushes", kFlushes, Deed::slow, 300)}) {
    HubProcess hub(config);
    OneHub suffering(showing, hub);
    for (int i = 0; i < (showing.full ? 20 : 2); ++i) suffering.suffer(one);
    suffering.reckon(one.name);
  }
}

// A process of this program's own that reads a socket until it is stopped.
class SyslogServer {
 public:
  explicit SyslogServer(const std::string& path) {
    socket_ = Descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
      throw std::runtime_error("cannot listen as a syslog server");
    pid_ = ::fork();
    if (pid_ != 0) return;
    char record[65536];
    while (::recv(socket_.get(), record, sizeof record, 0) >= 0) {}
    ::_exit(0);
  }

  ~SyslogServer() { ::kill(pid_, SIGKILL); }

  SyslogServer(const SyslogServer&) = delete;
  SyslogServer& operator=(const SyslogServer&) = delete;

  void stand_still() const { ::kill(pid_, SIGSTOP); }

  void go_on() const { ::kill(pid_, SIGCONT); }

 private:
  Descriptor socket_;
  pid_t pid_ = 0;
};

void standing_syslog(Showing& showing) {
  const TempFolder folder;
  const SyslogServer server(folder / "syslog");
  Upstream upstream;
  HubProcess hub(audited_hub(upstream, R"("audit": {"syslog": {"address": "unix:)" + (folder / "syslog") + "\"}},"));
  OneHub suffering(showing, hub);
  suffering.suffer({"a syslog server that stands still", [&] { server.stand_still(); }, [&] { server.go_on(); }});
  suffering.reckon("a syslog server that stands still");
}

// Needs mounts of its own.
void full_disk(Showing& showing) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return showing.skip("a full disk: no mount namespace: " + std::string(std::strerror(errno)));
  Upstream upstream;
  HubProcess hub(audited_hub(upstream));
  const auto disk = hub.folder() / "var/audit";
  std::filesystem::create_directories(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0700,size=1m") != 0)
    return showing.skip("a full disk: no tmpfs: " + std::string(std::strerror(errno)));
  OneHub suffering(showing, hub);
  const auto fill = [&] {
    std::ofstream ballast(disk + "/ballast", std::ios::app);
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), 4096).flush()) {}
  };
  suffering.suffer({"a full disk", fill, [&] { std::filesystem::remove(disk + "/ballast"); }});
  suffering.reckon("a full disk");
  ::umount2(disk.c_str(), MNT_DETACH);
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "D8", [](Showing& showing) {
    const auto tampered = tamper_with_each(showing, 10'000);
    failing_calls(showing);
    standing_syslog(showing);
    full_disk(showing);
    return std::to_string(showing.counted("troubles")) + " troubles, " + std::to_string(showing.counted("shown")) +
           " contexts shown and each on record, " + std::to_string(showing.counted("refused")) + " refused; " +
           tampered;
  });
}
