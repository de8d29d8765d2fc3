// What platform teams see and change, over the admin socket: who may speak there is decided by the peer's user. Runs on
// the daemon's own thread, never on one that serves agents. No call names a path of the file system.
#pragma once

#include "core/api/generation.hpp"
#include "core/http/server.hpp"
#include "core/session/clients.hpp"

#include <cstdint>
#include <functional>

namespace plugboard::api {

struct PluginListing {
  std::string file; // for what can't be used: its name below plugins_dir
  Result<connector::PluginFile> plugin;
};

struct AdminRooms {
  session::Clients& clients;
  Log& log;
  Metrics& metrics;
  std::uint32_t own_uid;                               // besides root, who may speak here
  store::Poster poster;                                // back to the admin's thread
  std::function<std::vector<PluginListing>()> plugins; // what plugins_dir holds, read afresh
};

class AdminApi {
 public:
  AdminApi(AdminRooms rooms, GenerationPtr generation);

  void serve(GenerationPtr generation) { generation_ = std::move(generation); }

  void handle(const http::Request& request, http::Responder responder);
  // The listener of its own for metrics: nothing else is there.
  void handle_metrics_only(const http::Request& request, http::Responder responder);

 private:
  std::string plugins() const;
  std::string clients() const;
  void add_client(const http::Request& request, http::Responder responder);

  AdminRooms rooms_;
  GenerationPtr generation_;
};

} // namespace plugboard::api
