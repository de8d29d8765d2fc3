// A good configuration, of which each test spoils a piece.
#pragma once

#include "core/daemon/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace plugboard::daemon {

inline std::string example() {
  return R"({
  // comments are allowed
  "agents": {"listen": "127.0.0.1:8710", "threads": 3, "limits": {"connections": 500,
    "connections_per_address": 50, "request_ms": 3000, "answer_ms": 4000, "idle_ms": 5000}},
  "admin": {"socket": "var/admin.sock", "metrics": "127.0.0.1:9710"},
  "data_dir": "var", "plugins_dir": "PLUGINS",
  "store": {"sqlite": {}}, "log": {"level": "warn"}, "drain_ms": 2500,
  "keys": {"current": "k2", "k1": {"file": "keys/k1"}, "k2": {"env": "HUB_KEY"}},
  "purposes": ["support", "fraud"],
  "sessions": {"absolute_s": 3600, "idle_s": 600},
  "clients": [
    {"id": "desk", "tenant": "se", "channel": "chat", "key": {"env": "DESK_KEY"}, "sections": ["*"],
     "scopes": ["session:create", "context:read"], "purpose": "support", "criticality": "background"},
    {"id": "bot", "key": {"file": "/run/bot.key"}, "sections": ["shop.*", "shop.orders"], "scopes": []}],
  "connectors": {
    "login": {"plugin": "jwt", "isolation": "in_process", "config": {
      "issuers": [{"issuer": "chat", "audience": "support", "hs256": {"env": "CHAT_KEY"}}],
      "identifiers": {"customer_id": {"claim": "customer", "verified": true}}}},
    "shop": {"plugin": "rest@1.0.0", "isolation": "in_process", "timeout_ms": 300, "max_concurrency": 7, "assurance": "aal2",
      "config": {"base_url": "https://api.shop.example",
        "headers": {"Authorization": {"prefix": "Bearer ", "value": {"file": "keys/shop"}}},
        "sections": {
          "orders": {"shape": "record/v1", "needs": [["customer_id"]], "url": "/orders?c={customer_id}", "mapping": "identity"},
          "parcel": {"shape": "record/v1", "needs": [["shop.parcel"]], "url": "/parcel?id={shop.parcel}", "mapping": "identity"},
          "latest": {"shape": "record/v1", "needs": [["customer_id"]], "url": "/latest?c={customer_id}", "mapping": "identity",
                     "yields": {"shop.parcel": {"from": "/parcel"}}}}},
      "grants": {"egress": ["https:api.shop.example"]}}}})";
}

// `was` stands there exactly once.
inline std::string with(std::string text, std::string_view was, std::string_view is) {
  auto at = text.find(was);
  if (at == std::string::npos || text.find(was, at + 1) != std::string::npos)
    throw std::runtime_error("not once in the example: " + std::string(was));
  return text.replace(at, was.size(), is);
}

// "POINTER: message", one a fault.
inline std::vector<std::string> lines_of(const std::vector<json::Fault>& faults) {
  std::vector<std::string> lines;
  for (const auto& fault : faults) lines.push_back(fault.pointer + ": " + fault.message);
  return lines;
}

} // namespace plugboard::daemon
