// What integration tests have in common: hubs that must end well. Every one started here is stopped at the end, must
// leave with 0, and must have written a log of nothing but JSON, without any secret that went through it.
#pragma once

#include "tests/support/hub_process.hpp"
#include "tests/support/jwt.hpp"
#include "tests/support/upstream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace plugboard::test {

class HubTest : public testing::Test {
 protected:
  HubProcess& run(HubConfig config) {
    auto& hub = prepare(std::move(config));
    if (!hub.start()) throw std::runtime_error("the hub did not start: " + hub.raw_log());
    return hub;
  }

  // With its folder, not yet started.
  HubProcess& prepare(HubConfig config) {
    hubs_.push_back(std::make_unique<HubProcess>(std::move(config)));
    return *hubs_.back();
  }

  void TearDown() override {
    for (auto& hub : hubs_) {
      if (hub->runs()) {
        EXPECT_EQ(hub->stop(), 0) << hub->raw_log();
      }
      EXPECT_EQ(hub->log_faults(), "");
    }
  }

 private:
  std::vector<std::unique_ptr<HubProcess>> hubs_;
};

// A system that answers at once, and its connector: shows that what happens elsewhere harms nobody else.
class Canary {
 public:
  Canary() { upstream_.on("/canary", UpstreamReply{.body = R"({"sings":true})"}); }

  std::string connector() const {
    return rest_connector(upstream_.port(), R"({"song": )" + rest_section("/canary") + "}");
  }

 private:
  Upstream upstream_;
};

inline std::string status_of(const Json& context, const std::string& section) {
  return context.text("/sections/" + section + "/status");
}

inline std::string reason_of(const Json& context, const std::string& section) {
  auto pointer = "/sections/" + section + "/error/reason";
  return context.has(pointer) ? context.text(pointer) : "";
}

} // namespace plugboard::test
