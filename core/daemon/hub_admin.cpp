// The admin's side of the hub: its socket, its listener for admins who come over TCP, and the one for metrics.
#include "core/daemon/hub.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <algorithm>

namespace plugboard::daemon {

namespace {

double seconds_since_1970(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

} // namespace

// New connections are greeted by this identity; those that are there go on as they are.
void Hub::renew_tls(const http::TlsIdentityPtr& identity) {
  if (!identity) return;
  const bool is_first = !tls_;
  if (is_first) tls_ = std::make_unique<http::ServerTls>(identity);
  if (!is_first && !tls_->renew(identity)) return;
  metrics_
      .gauge("plugboard_tls_certificate_not_after_seconds",
             "When the agents' listener's certificate expires, Unix time")
      .set(seconds_since_1970(identity->not_after()));
  log_.info(is_first ? "tls.ready" : "tls.renewed", {{"not_after", rfc3339(identity->not_after())}});
}

void Hub::renew_admin_tls(const http::TlsIdentityPtr& identity) {
  if (!identity) return;
  if (!admin_tls_) admin_tls_ = std::make_unique<http::ServerTls>(identity);
  admin_tls_->renew(identity);
  metrics_
      .gauge("plugboard_admin_tls_certificate_not_after_seconds",
             "When the admins' listener's certificate expires, Unix time")
      .set(seconds_since_1970(identity->not_after()));
}

std::unique_ptr<http::Server> Hub::admin_listener(const http::Endpoint& endpoint, const http::ServerTls* tls) {
  auto server = http::Server::listen(
      io_, endpoint, http::ServerLimits{}, clock_, log_, metrics_,
      [this](const http::Request& request, http::Responder responder) {
        admin_api_->handle(request, std::move(responder));
      },
      tls);
  if (!server) {
    log_.error("admin.cannot_listen", {{"message", server.error().message}});
    return nullptr;
  }
  (*server)->start();
  return std::move(*server);
}

bool Hub::listen_admin(const Config& config) {
  admin_server_ = admin_listener(http::UnixEndpoint{config.admin.socket}, nullptr);
  if (!admin_server_) return false;
  if (config.admin.listen) {
    admin_tcp_server_ = admin_listener(*config.admin.listen, admin_tls_.get());
    if (!admin_tcp_server_) return false;
  }
  if (!config.admin.metrics) return true;
  auto metrics = http::Server::listen(io_, *config.admin.metrics, http::ServerLimits{}, clock_, log_, metrics_,
                                      [this](const http::Request& request, http::Responder responder) {
                                        admin_api_->handle_metrics_only(request, std::move(responder));
                                      });
  if (!metrics) {
    log_.error("metrics.cannot_listen", {{"message", metrics.error().message}});
    return false;
  }
  metrics_server_ = std::move(*metrics);
  metrics_server_->start();
  return true;
}

void Hub::serve_admins(const api::GenerationPtr& generation, const std::vector<api::ConfiguredAdmin>& admins) {
  api::AdminKeys keys(*keys_, admins);
  if (admin_api_) return admin_api_->serve(generation, std::move(keys));
  api::AdminRooms rooms{*clients_,
                        *sessions_,
                        *trail_,
                        reports_,
                        *answers_,
                        log_,
                        metrics_,
                        clock_,
                        threads_[0]->home(),
                        [this](std::function<void()> job) { boost::asio::post(io_, std::move(job)); },
                        [this] { return plugin_listings(); }};
  admin_api_ = std::make_unique<api::AdminApi>(std::move(rooms), ::getuid(), generation, std::move(keys));
}

// Of clients that the configuration had and has no more: one of their name, later, has no part in them.
void Hub::end_sessions_of_gone(const std::vector<session::ClientPtr>& before) {
  const auto now = clients_->list();
  for (const auto& client : before) {
    const auto is_it = [&](const auto& one) { return one->tenant == client->tenant && one->id == client->id; };
    if (std::any_of(now.begin(), now.end(), is_it)) continue;
    session::Revocation revocation;
    revocation.tenant = client->tenant;
    revocation.client = client->id;
    sessions_->end(std::move(revocation), {}, [&log = log_, client](const Result<void>& ended) {
      if (!ended) log.error("client.sessions_not_ended", {{"client", client->id}, {"message", ended.error().message}});
    });
  }
}

std::vector<api::PluginListing> Hub::plugin_listings() const {
  std::vector<api::PluginListing> listings;
  for (const auto& file : connector::list_plugin_files(config_.plugins_dir)) {
    auto name = file.starts_with(config_.plugins_dir + "/") ? file.substr(config_.plugins_dir.size() + 1) : file;
    listings.push_back({name, connector::inspect_plugin_file(file)});
  }
  return listings;
}

} // namespace plugboard::daemon
