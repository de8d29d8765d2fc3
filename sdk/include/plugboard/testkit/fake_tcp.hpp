// The servers that the host lets a connector reach, as the test grants them. [any thread]
#pragma once

#include <plugboard/host.hpp>

#include <map>
#include <mutex>
#include <utility>

namespace plugboard::testkit {

class FakeTcp {
 public:
  // Grants "tcp:HOST:PORT", which is where it says itself: HOST is an address in digits.
  void grant(const std::string& host, std::uint16_t port) { grant(host, port, {{host, port}}); }

  // Grants "tcp:HOST:PORT", which is at these places; none: its name leads nowhere.
  void grant(std::string host, std::uint16_t port, std::vector<TcpPlace> places) {
    std::lock_guard lock(mutex_);
    granted_[{std::move(host), port}] = std::move(places);
  }

  std::int32_t locate(std::string_view host, std::uint16_t port, void* user,
                      void (*receive)(void*, plugboard_str, std::uint16_t)) {
    std::vector<TcpPlace> places;
    {
      std::lock_guard lock(mutex_);
      auto found = granted_.find({std::string(host), port});
      if (found == granted_.end()) return PLUGBOARD_EGRESS_DENIED;
      places = found->second;
    }
    for (const auto& place : places) receive(user, str(place.address), place.port);
    return places.empty() ? PLUGBOARD_UNREACHABLE : PLUGBOARD_OK;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::uint16_t>, std::vector<TcpPlace>> granted_;
};

} // namespace plugboard::testkit
