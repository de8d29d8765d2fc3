#include "core/connector/host_tcp.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/guard.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostName = 255;
constexpr std::chrono::seconds kPatience{10};

} // namespace

struct HostTcp::Waiting {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
};

HostTcp::HostTcp(const TcpGrants& grants, std::vector<Home*> homes, HostLog& log)
    : grants_(grants), homes_(std::move(homes)), log_(log), waiting_(std::make_shared<Waiting>()) {}

Result<http::Addresses> HostTcp::look_up(const std::string& host) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  if (!no_address) return http::Addresses{address};
  const auto here = std::this_thread::get_id();
  if (std::any_of(homes_.begin(), homes_.end(), [&](const Home* home) { return home->thread == here; }))
    return fail(Code::invalid_argument, "was located on a thread of the hub, which must not wait for its name");

  const auto found = std::make_shared<std::optional<Result<http::Addresses>>>();
  Home& home = *homes_.front();
  boost::asio::post(home.io, [waiting = waiting_, found, host, &resolver = home.resolver] {
    resolver.look_up(host, [waiting, found](const Result<http::Addresses>& addresses) {
      const std::lock_guard lock(waiting->mutex);
      *found = addresses;
      waiting->changed.notify_all();
    });
  });
  std::unique_lock lock(waiting_->mutex);
  waiting_->changed.wait_for(lock, kPatience, [&] { return waiting_->stopped || found->has_value(); });
  if (found->has_value()) return **found;
  return fail(Code::unreachable,
              waiting_->stopped ? "was not looked up: the connector stops" : "was not found in time");
}

Result<http::Addresses> HostTcp::judged(const TcpServer& server) {
  auto addresses = look_up(server.host);
  if (!addresses || !server.reach) return addresses;
  std::string objection;
  std::erase_if(*addresses, [&](const http::Address& address) {
    auto said = server.reach->objection(address);
    if (said.empty()) return false;
    objection = std::move(said);
    return true;
  });
  if (addresses->empty()) return fail(Code::denied, "may not be reached: " + objection);
  return addresses;
}

std::int32_t HostTcp::locate(plugboard_str name, std::uint16_t port, void* user, Receive receive) {
  if (receive == nullptr || !is_readable(name) || name.size == 0 || name.size > kMostName || port == 0)
    return PLUGBOARD_FAILED;
  const auto granted = grants_.find(view(name), port);
  if (!granted) {
    const auto grant = name_of(TcpServer{std::string(view(name)), port});
    log_.noticed("plugin.tcp", grant + " is not granted: add it to grants.egress");
    return PLUGBOARD_EGRESS_DENIED;
  }
  const TcpServer& server = grants_.servers()[*granted];
  const auto addresses = judged(server);
  if (!addresses) {
    log_.noticed("plugin.tcp", name_of(server) + " " + addresses.error().message);
    return addresses.error().code == Code::invalid_argument ? PLUGBOARD_FAILED : PLUGBOARD_UNREACHABLE;
  }
  for (const http::Address& address : *addresses)
    if (!guarded([&, text = address.to_string()] { receive(user, str(text), port); }))
      log_.noticed("plugin.protocol", "receive() threw");
  return PLUGBOARD_OK;
}

void HostTcp::stop() {
  const std::lock_guard lock(waiting_->mutex);
  waiting_->stopped = true;
  waiting_->changed.notify_all();
}

} // namespace plugboard::connector
