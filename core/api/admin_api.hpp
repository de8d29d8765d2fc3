// What platform teams see and change, over the admin socket: who may speak there is decided by the peer's user. Runs on
// the daemon's own thread, never on one that serves agents. No call names a path of the file system.
#pragma once

#include "core/api/admin_route.hpp"

#include <cstdint>

namespace plugboard::api {

class AdminApi {
 public:
  // own_uid: besides root, whose processes are admins over the socket.
  AdminApi(AdminRooms rooms, std::uint32_t own_uid, GenerationPtr generation);

  void serve(GenerationPtr generation) { generation_ = std::move(generation); }

  void handle(const http::Request& request, http::Responder responder);
  // The listener of its own for metrics: nothing else is there.
  void handle_metrics_only(const http::Request& request, http::Responder responder);

 private:
  std::optional<Admin> speaker(const http::Request& request) const;
  void answer(const http::Request& request, Admin admin, http::Responder responder);
  void open_page(const AdminRoute& route, AdminVisit visit, http::Responder responder) const;

  AdminRooms rooms_;
  const std::uint32_t own_uid_;
  GenerationPtr generation_;
};

} // namespace plugboard::api
