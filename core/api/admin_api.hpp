// What platform teams see and change. Over the admin socket the peer's user decides who may speak; over TCP an admin's
// key. Runs on the daemon's own thread, never on one that serves agents. No call names a path of the file system.
#pragma once

#include "core/api/admin_keys.hpp"
#include "core/api/admin_route.hpp"
#include "core/session/bad_tries.hpp"

#include <cstdint>

namespace plugboard::api {

class AdminApi {
 public:
  // own_uid: besides root, whose processes are admins over the socket.
  AdminApi(AdminRooms rooms, std::uint32_t own_uid, GenerationPtr generation, AdminKeys keys);

  // For requests from now on.
  void serve(GenerationPtr generation, AdminKeys keys);

  void handle(const http::Request& request, http::Responder responder);
  // The listener of its own for metrics: nothing else is there.
  void handle_metrics_only(const http::Request& request, http::Responder responder);

 private:
  std::optional<Admin> speaker(const http::Request& request) const;
  void answer(const http::Request& request, Admin admin, http::Responder responder);
  void turn_away(const http::Request& request, http::Responder responder);
  void open_page(const AdminRoute& route, AdminVisit visit, http::Responder responder) const;

  AdminRooms rooms_;
  const std::uint32_t own_uid_;
  GenerationPtr generation_;
  AdminKeys keys_;
  json::Reader reader_;         // keeps its memory from body to body
  session::BadTries bad_tries_; // with keys that are no admin's
};

} // namespace plugboard::api
