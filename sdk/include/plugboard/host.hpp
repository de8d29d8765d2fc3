// The hub, as a connector sees it: logs, secrets, granted files and servers, HTTP, access tokens, time, metrics, kept
// values. Owned by the hub; alive until the connector is destroyed. [any thread]
#pragma once

#include <plugboard/clock.hpp>
#include <plugboard/detail/join.hpp>
#include <plugboard/host_files.h>
#include <plugboard/host_http.h>
#include <plugboard/host_secrets.h>
#include <plugboard/host_tcp.h>
#include <plugboard/kv.hpp>
#include <plugboard/metrics.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <type_traits>

namespace plugboard {

struct HttpHeader {
  std::string name, value;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url{}; // absolute, percent-encoded
  std::vector<HttpHeader> headers{};
  std::string body{};
  std::chrono::nanoseconds timeout{0}; // 0: until the call's deadline
  std::uint64_t max_body_bytes = 0;    // 0: the hub's limit
};

struct HttpHeaderView {
  std::string_view name, value;
};

// The same as views of what lives until send() returns, for who asks often and wants nothing copied.
struct HttpRequestView {
  std::string_view method = "GET";
  std::string_view url{};
  std::span<const HttpHeaderView> headers{};
  std::string_view body{};
  std::chrono::nanoseconds timeout{0};
  std::uint64_t max_body_bytes = 0;
};

// What came back, or why nothing did. A view, alive during the handler it is given to.
class HttpResponse {
 public:
  explicit HttpResponse(const plugboard_http_response& response) : response_(&response) {}

  bool answered() const { return response_->error == PLUGBOARD_OK; }

  Status error() const { return static_cast<Status>(response_->error); }

  std::string_view message() const { return view(response_->message); }

  int status() const { return response_->status; }

  std::string_view body() const { return view(response_->body); }

  std::optional<std::string_view> header(std::string_view lower_case_name) const {
    for (std::size_t i = 0; i < response_->header_count; ++i)
      if (view(response_->headers[i].name) == lower_case_name) return view(response_->headers[i].value);
    return std::nullopt;
  }

 private:
  const plugboard_http_response* response_;
};

// An answer to keep.
struct HttpReply {
  int status = 0;
  std::vector<HttpHeader> headers; // names in lower case
  std::string body;

  std::optional<std::string_view> header(std::string_view lower_case_name) const {
    for (const auto& each : headers)
      if (each.name == lower_case_name) return each.value;
    return std::nullopt;
  }
};

// Where to connect to, in digits.
struct TcpPlace {
  std::string address;
  std::uint16_t port = 0;
};

// Which access token: a client's (grant client_credentials) or, with a refresh_token, a user's. Words that stand in the
// connector's configuration; the secrets are their handles.
struct OAuth2 {
  enum class Auth { basic = 1, post }; // how the client proves itself to the token endpoint

  std::string token_url{}, client_id{};
  std::string client_secret{}; // handle
  std::string refresh_token{}; // handle
  std::string scope{}, audience{}, resource{};
  Auth auth = Auth::basic;
};

class HostOauth2;

class Host {
 public:
  explicit Host(const plugboard_host* host) : host_(host) {}

  void log(std::int32_t level, std::string_view message) const { host_->log(host_, level, str(message)); }

  void info(std::string_view message) const { log(PLUGBOARD_LOG_INFO, message); }

  void warn(std::string_view message) const { log(PLUGBOARD_LOG_WARN, message); }

  HostClock clock() const { return HostClock(host_); }

  HostMetrics metrics() const { return HostMetrics(host_); }

  HostKv kv() const { return HostKv(host_); }

  HostOauth2 oauth2(OAuth2 client) const; // <plugboard/oauth2.hpp>

  // A secret's value for the length of receive(std::string_view). False: no such handle.
  template <class F>
  bool with_secret(std::string_view handle, F&& receive) const {
    auto* secrets = service<plugboard_host_secrets_v1>(PLUGBOARD_HOST_SECRETS_V1);
    return secrets && secrets->get(host_, str(handle), &receive, [](void* user, plugboard_str value) {
      (*static_cast<std::remove_reference_t<F>*>(user))(view(value));
    }) == PLUGBOARD_OK;
  }

  // The system behind it gave a new value and the old one is void: with_secret gives the new one from then on, after a
  // restart too. then(Status) once, on a thread of the hub; ok: it is on the disk. Anything but ok: it won't be.
  template <class F>
  Status replace_secret(std::string_view handle, std::string_view value, F then) const {
    auto* secrets = service<plugboard_host_secrets_v1>(PLUGBOARD_HOST_SECRETS_V1);
    if (!secrets) return Status::unsupported;
    using Waiting = detail::WaitingAlone<F>;
    auto waiting = std::make_unique<Waiting>(Waiting{host_, std::move(then)});
    auto status =
        secrets->replace(host_, str(handle), str(value), waiting.get(), [](void* user, std::int32_t outcome) noexcept {
          detail::Resume::run(std::unique_ptr<Waiting>(static_cast<Waiting*>(user)), static_cast<Status>(outcome));
        });
    if (status == PLUGBOARD_OK) static_cast<void>(waiting.release());
    return static_cast<Status>(status);
  }

  // A granted file, now and after each change: changed(std::string_view bytes), which must live until stop().
  template <class F>
  Status watch_file(std::string_view path, F& changed) const {
    auto* files = service<plugboard_host_files_v1>(PLUGBOARD_HOST_FILES_V1);
    if (!files) return Status::unsupported;
    return static_cast<Status>(files->watch(
        host_, str(path), &changed, [](void* user, plugboard_str bytes) { (*static_cast<F*>(user))(view(bytes)); }));
  }

  // Where something below a granted folder is for this plugin to open.
  Result<std::string> locate_file(std::string_view path) const {
    auto* files = service<plugboard_host_files_v1>(PLUGBOARD_HOST_FILES_V1);
    if (!files) return Failure{Status::unsupported, "this hub grants no files"};
    std::string local;
    auto status = files->locate(host_, str(path), &local, [](void* user, plugboard_str found) {
      *static_cast<std::string*>(user) = view(found);
    });
    if (status != PLUGBOARD_OK)
      return Failure{static_cast<Status>(status),
                     "\"" + std::string(path) + "\" is not below a folder that grants.files allows"};
    return local;
  }

  // Where a granted server is to be connected to, the best place first; for each connection anew. It may wait for a
  // name server. TLS is the connector's own, with `host` as the server's name.
  Result<std::vector<TcpPlace>> locate_tcp(std::string_view host, std::uint16_t port) const {
    auto* tcp = service<plugboard_host_tcp_v1>(PLUGBOARD_HOST_TCP_V1);
    if (!tcp) return Failure{Status::unsupported, "this hub grants no servers"};
    std::vector<TcpPlace> places;
    auto status =
        tcp->locate(host_, str(host), port, &places, [](void* user, plugboard_str address, std::uint16_t there) {
          static_cast<std::vector<TcpPlace>*>(user)->push_back({std::string(view(address)), there});
        });
    if (status == PLUGBOARD_OK && !places.empty()) return places;
    auto grant = std::string(host.find(':') == host.npos ? host : "[" + std::string(host) + "]");
    grant = "\"tcp:" + grant + ":" + std::to_string(port) + "\"";
    if (status == PLUGBOARD_EGRESS_DENIED)
      return Failure{Status::egress_denied,
                     grant + R"( is not granted: add it, "grants": {"egress": [)" + grant + "]}"};
    return Failure{status == PLUGBOARD_OK ? Status::internal : static_cast<Status>(status),
                   grant + " is granted, but can't be located; the hub's log says why"};
  }

  // Asks over HTTP on behalf of this call and goes on in then(Call, const HttpResponse&), once, on the call's thread;
  // then must not block. When the hub no longer waits, the exchange is cancelled and then still runs.
  template <class F>
  void send(const HttpRequest& request, Call call, F then) const {
    send_for(request, std::move(call), std::move(then));
  }

  template <class F>
  void send(const HttpRequestView& request, Call call, F then) const {
    send_for(request, std::move(call), std::move(then));
  }

  // Several at once on behalf of this call: then(Call, const std::vector<Result<HttpReply>>&) runs once, when all of
  // them have come to an end, with what became of each, in their order. Else as send().
  template <class F>
  void send_all(const std::vector<HttpRequest>& requests, Call call, F then) const {
    auto* http = service<plugboard_host_http_v1>(PLUGBOARD_HOST_HTTP_V1);
    if (!http) return call.fail(Status::unsupported, "this hub makes no HTTP calls");
    auto* handle = call.handle();
    if (!handle) return; // answered already: nobody waits for more
    using Join = detail::Join<F, Result<HttpReply>>;
    const Failure unsent{Status::internal, "no memory left for it"};
    auto join = std::make_shared<Join>(requests.size(), unsent, std::move(call), std::move(then));
    for (std::size_t i = 0; i < requests.size(); ++i) {
      auto part = std::make_unique<typename Join::Part>(join, i);
      auto status = send_raw(*http, requests[i], handle, part.get(),
                             [](void* user, const plugboard_http_response* response) noexcept {
                               std::unique_ptr<typename Join::Part> owned(static_cast<typename Join::Part*>(user));
                               try {
                                 owned->result() = copy(*response);
                               } catch (...) { // no memory: the result says so already
                               }
                             });
      if (status == PLUGBOARD_OK)
        static_cast<void>(part.release());
      else
        part->result() = Failure{static_cast<Status>(status), "the hub refused the request as it is"};
    }
  }

  // The same as the connector's own business, on no call's behalf: then(const HttpResponse&) runs once, on a thread of
  // the hub, perhaps before this returns; it must not block. Anything but ok: the hub refused the request as it is.
  template <class F>
  Status send(const HttpRequest& request, F then) const {
    auto* http = service<plugboard_host_http_v1>(PLUGBOARD_HOST_HTTP_V1);
    if (!http) return Status::unsupported;

    using Exchange = detail::WaitingAlone<F>;
    auto exchange = std::make_unique<Exchange>(Exchange{host_, std::move(then)});
    auto status = send_raw(
        *http, request, nullptr, exchange.get(), [](void* user, const plugboard_http_response* response) noexcept {
          detail::Resume::run(std::unique_ptr<Exchange>(static_cast<Exchange*>(user)), HttpResponse(*response));
        });
    if (status == PLUGBOARD_OK) static_cast<void>(exchange.release());
    return static_cast<Status>(status);
  }

  // The same for a blocking connector: waits on the call's own thread. When the hub no longer waits it ends the
  // exchange, and this returns Status::cancelled.
  Result<HttpReply> send_and_wait(const HttpRequest& request, const Request& on_behalf) const {
    auto* http = service<plugboard_host_http_v1>(PLUGBOARD_HOST_HTTP_V1);
    if (!http) return Failure{Status::unsupported, "this hub makes no HTTP calls"};

    struct Exchange {
      Result<HttpReply> result{Failure{Status::internal, "no memory left for the answer"}};
      std::mutex mutex;
      std::condition_variable came;
      bool done = false;
    } exchange;

    auto status = send_raw(*http, request, on_behalf.handle(), &exchange,
                           [](void* user, const plugboard_http_response* response) noexcept {
                             auto& waiting = *static_cast<Exchange*>(user);
                             try {
                               waiting.result = copy(*response);
                             } catch (...) { // no memory: the result says so already
                             }
                             std::lock_guard lock(waiting.mutex);
                             waiting.done = true;
                             waiting.came.notify_one(); // under the lock: the waiter's stack ends next
                           });
    if (status != PLUGBOARD_OK) return Failure{static_cast<Status>(status), "the hub refused the request as it is"};
    std::unique_lock lock(exchange.mutex);
    exchange.came.wait(lock, [&] { return exchange.done; });
    return std::move(exchange.result);
  }

  const plugboard_host* raw() const { return host_; }

 private:
  template <class T>
  const T* service(const char* id) const {
    return static_cast<const T*>(host_->extension(host_, id));
  }

  static Result<HttpReply> copy(const plugboard_http_response& response) {
    if (response.error != PLUGBOARD_OK)
      return Failure{static_cast<Status>(response.error), std::string(view(response.message))};
    HttpReply reply{response.status, {}, std::string(view(response.body))};
    for (std::size_t i = 0; i < response.header_count; ++i)
      reply.headers.push_back(
          {std::string(view(response.headers[i].name)), std::string(view(response.headers[i].value))});
    return reply;
  }

  template <class Request, class F>
  void send_for(const Request& request, Call call, F then) const {
    auto* http = service<plugboard_host_http_v1>(PLUGBOARD_HOST_HTTP_V1);
    if (!http) return call.fail(Status::unsupported, "this hub makes no HTTP calls");

    auto* handle = call.handle();
    if (!handle) return; // answered already: nobody waits for more
    using Exchange = detail::Waiting<F>;
    auto exchange = std::make_unique<Exchange>(Exchange{std::move(call), std::move(then)});
    auto status = send_raw(
        *http, request, handle, exchange.get(), [](void* user, const plugboard_http_response* response) noexcept {
          detail::Resume::run(std::unique_ptr<Exchange>(static_cast<Exchange*>(user)), HttpResponse(*response));
        });
    if (status == PLUGBOARD_OK)
      static_cast<void>(exchange.release());
    else
      exchange->call.fail(static_cast<Status>(status), "the hub refused the request as it is");
  }

  template <class Request>
  std::int32_t send_raw(const plugboard_host_http_v1& http, const Request& request, plugboard_call* call, void* user,
                        void (*on_response)(void*, const plugboard_http_response*)) const {
    std::array<plugboard_http_header, 16> few; // as most have
    std::vector<plugboard_http_header> many;
    if (request.headers.size() > few.size()) many.resize(request.headers.size());
    auto* headers = many.empty() ? few.data() : many.data();
    std::transform(request.headers.begin(), request.headers.end(), headers, [](const auto& header) {
      return plugboard_http_header{str(header.name), str(header.value)};
    });
    plugboard_http_request raw{PLUGBOARD_PREFIX(plugboard_http_request),
                               call,
                               str(request.method),
                               str(request.url),
                               headers,
                               request.headers.size(),
                               str(request.body),
                               request.timeout.count(),
                               request.max_body_bytes};
    return http.send(host_, &raw, user, on_response);
  }

  const plugboard_host* host_;
};

} // namespace plugboard

#include <plugboard/oauth2.hpp> // what Host::oauth2() gives
