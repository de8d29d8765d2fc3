#include "tests/reliability/edge/proxies.hpp"

#include "tests/support/connection.hpp"
#include "tests/support/free_port.hpp"

#include <stdexcept>

#include <unistd.h>

namespace plugboard::test {

namespace {

constexpr const char* kHaproxy = "/usr/sbin/haproxy";
constexpr const char* kNginx = "/usr/sbin/nginx";

std::string haproxy_config(ProxyPorts ports, ProxyPorts behind, const std::string& token) {
  const auto side = [&](const std::string& name, int port, int hub, const std::string& more) {
    return "frontend " + name + "\n  bind 127.0.0.1:" + std::to_string(port) + "\n" + more + "  default_backend hub_" +
           name + "\nbackend hub_" + name + "\n  http-reuse always\n  http-request set-header x-passed " + token +
           "\n  server hub 127.0.0.1:" + std::to_string(hub) + " pool-max-conn 4\n";
  };
  return "global\n  maxconn 500\n  nbthread 1\ndefaults\n  mode http\n  option http-keep-alive\n"
         "  timeout connect 5s\n  timeout client 1s\n  timeout server 20s\n  timeout http-request 1s\n"
         "  timeout http-keep-alive 1s\n  retry-on conn-failure empty-response\n" +
         side("strict", ports.strict, behind.strict, "") +
         side("lenient", ports.lenient, behind.lenient, "  option accept-invalid-http-request\n");
}

std::string nginx_config(ProxyPorts ports, ProxyPorts behind, const std::string& token) {
  const auto side = [&](const std::string& name, int port, int hub, const std::string& more) {
    return "  upstream hub-" + name + " { server 127.0.0.1:" + std::to_string(hub) +
           "; keepalive 4; }\n  server {\n    listen 127.0.0.1:" + std::to_string(port) + ";\n" + more +
           "    location / { proxy_pass http://hub-" + name +
           "; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header X-Passed " + token +
           "; }\n  }\n";
  };
  return std::string(::getuid() == 0 ? "user root;\n" : "") +
         "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.log;\nevents { worker_connections 500; }\n"
         "http {\n  access_log off;\n  client_body_temp_path body;\n  proxy_temp_path proxy;\n"
         "  fastcgi_temp_path fastcgi;\n  uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n"
         "  client_header_timeout 1s;\n  client_body_timeout 1s;\n  keepalive_timeout 1s;\n  lingering_close off;\n" +
         side("strict", ports.strict, behind.strict, "") +
         side("lenient", ports.lenient, behind.lenient,
              "    ignore_invalid_headers off;\n    underscores_in_headers on;\n    merge_slashes off;\n"
              "    proxy_request_buffering off;\n    large_client_header_buffers 8 64k;\n    client_max_body_size "
              "0;\n") +
         "}\n";
}

} // namespace

std::unique_ptr<Proxy> Proxy::start(Kind kind, ProxyPorts behind, const std::string& token) {
  const auto* program = kind == Kind::haproxy ? kHaproxy : kNginx;
  if (::access(program, X_OK) != 0)
    throw std::runtime_error(std::string(program) + " is not there; .ci/install reliability installs it");
  for (int attempt = 0;; ++attempt) { // another program may take a port that was free
    std::unique_ptr<Proxy> proxy(new Proxy);
    proxy->ports_ = {free_port(), free_port()};
    const auto config = proxy->folder_ / "config";
    proxy->folder_.write("config", kind == Kind::haproxy ? haproxy_config(proxy->ports_, behind, token)
                                                         : nginx_config(proxy->ports_, behind, token));
    const std::vector<std::string> words =
        kind == Kind::haproxy
            ? std::vector<std::string>{program, "-db", "-f", config}
            : std::vector<std::string>{program, "-e", "stderr", "-p", proxy->folder_ / "", "-c", config};
    proxy->process_ = std::make_unique<Process>(words);
    const auto up = [&] { return Connection::tcp(proxy->ports_.strict) && Connection::tcp(proxy->ports_.lenient); };
    if (eventually([&] { return !proxy->runs() || up(); }) && proxy->runs()) return proxy;
    if (attempt == 4) throw std::runtime_error(std::string(program) + " does not start: " + proxy->process_->err());
  }
}

} // namespace plugboard::test
