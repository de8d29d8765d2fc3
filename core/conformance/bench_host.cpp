#include "core/conformance/bench_host.hpp"

namespace plugboard::conformance {
namespace {

std::string text_of(plugboard_str view) {
  return view.data == nullptr ? std::string() : std::string(view.data, view.size);
}

plugboard_str view(const std::string& text) {
  return {text.data(), text.size()};
}

} // namespace

BenchHost::BenchHost(const Given& given) : given_(given), tokens_(given.secrets) {
  raw_.p = PLUGBOARD_PREFIX(plugboard_host);
  raw_.log = &log;
  raw_.complete = &complete;
  raw_.extension = &extension;
  raw_.owner = this;
}

void BenchHost::serve(Server server) {
  const std::lock_guard lock(mutex_);
  server_ = std::move(server);
}

void BenchHost::answer_all(Scripted scripted) {
  std::deque<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& each : waiting) respond(each, scripted);
}

void BenchHost::cancel(plugboard_call* call) {
  std::vector<Waiting> ended;
  {
    const std::lock_guard lock(mutex_);
    std::deque<Waiting> left;
    for (const auto& each : waiting_) {
      if (call == nullptr || each.call == call)
        ended.push_back(each);
      else
        left.push_back(each);
    }
    waiting_.swap(left);
  }
  for (const auto& each : ended) respond(each, {.error = PLUGBOARD_CANCELLED});
  clock_.cancel(call);
}

std::vector<std::string> BenchHost::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

std::vector<std::string> BenchHost::logs() const {
  const std::lock_guard lock(mutex_);
  return logs_;
}

std::shared_ptr<Conversation> BenchHost::converse(std::int32_t operation, Question question) {
  auto made = std::make_shared<Conversation>(operation, std::move(question));
  const std::lock_guard lock(mutex_);
  conversations_.push_back(made);
  return made;
}

void BenchHost::log(const plugboard_host* host, std::int32_t, plugboard_str message) {
  BenchHost& me = self(host);
  const std::lock_guard lock(me.mutex_);
  me.logs_.push_back(text_of(message));
}

void BenchHost::complete(const plugboard_host*, plugboard_call* call, const plugboard_reply* reply) {
  Conversation::of(call).complete(reply);
}

const void* BenchHost::extension(const plugboard_host* host, const char* id) {
  BenchHost& me = self(host);
  const std::string_view wanted = id;
  if (wanted == PLUGBOARD_HOST_SECRETS_V1) return &me.secrets_table_;
  if (wanted == PLUGBOARD_HOST_HTTP_V1) return &me.http_table_;
  if (wanted == PLUGBOARD_HOST_FILES_V1) return &me.files_table_;
  if (wanted == PLUGBOARD_HOST_CLOCK_V1) return &me.clock_table_;
  if (wanted == PLUGBOARD_HOST_METRICS_V1) return &me.metrics_table_;
  if (wanted == PLUGBOARD_HOST_TCP_V1) return &me.tcp_table_;
  if (wanted == PLUGBOARD_HOST_KV_V1) return &me.kv_table_;
  if (wanted == PLUGBOARD_HOST_OAUTH2_V1) return &me.oauth2_table_;
  return nullptr;
}

std::int32_t BenchHost::get_secret(const plugboard_host* host, plugboard_str handle, void* user,
                                   void (*receive)(void*, plugboard_str)) {
  BenchHost& me = self(host);
  const auto found = me.given_.secrets.find(text_of(handle));
  if (found == me.given_.secrets.end()) return PLUGBOARD_NOT_FOUND;
  std::string value = found->second;
  {
    const std::lock_guard lock(me.mutex_);
    if (const auto replaced = me.replaced_.find(found->first); replaced != me.replaced_.end()) value = replaced->second;
  }
  receive(user, view(value));
  return PLUGBOARD_OK;
}

std::int32_t BenchHost::replace_secret(const plugboard_host* host, plugboard_str handle, plugboard_str value,
                                       void* user, void (*done)(void*, std::int32_t)) {
  BenchHost& me = self(host);
  const std::string name = text_of(handle);
  if (!me.given_.secrets.contains(name)) return PLUGBOARD_NOT_FOUND;
  if (value.size > PLUGBOARD_SECRET_MOST_BYTES) return PLUGBOARD_TOO_LARGE;
  {
    const std::lock_guard lock(me.mutex_);
    me.replaced_[name] = text_of(value);
  }
  done(user, PLUGBOARD_OK);
  return PLUGBOARD_OK;
}

std::int64_t BenchHost::monotonic_ns(const plugboard_host*) {
  return BenchClock::monotonic_ns();
}

std::int64_t BenchHost::wall_ns(const plugboard_host*) {
  return BenchClock::wall_ns();
}

std::int32_t BenchHost::after(const plugboard_host* host, plugboard_call* call, std::int64_t after_ns, void* user,
                              BenchClock::When when) {
  return self(host).clock_.after(call, after_ns, user, when);
}

std::int32_t BenchHost::record(const plugboard_host* host, plugboard_str name, const plugboard_str* labels,
                               std::size_t label_count, double value) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < label_count; ++i) texts.push_back(text_of(labels[i]));
  const std::vector<std::string_view> values(texts.begin(), texts.end());
  const std::string wanted = text_of(name);
  for (const connector::MetricSpec& metric : self(host).given_.metrics)
    if (metric.name == wanted && metric.series_of(values)) return metric.takes(value) ? PLUGBOARD_OK : PLUGBOARD_FAILED;
  return PLUGBOARD_NOT_FOUND;
}

std::int32_t BenchHost::locate_tcp(const plugboard_host*, plugboard_str, std::uint16_t, void*,
                                   void (*)(void*, plugboard_str, std::uint16_t)) {
  return PLUGBOARD_UNREACHABLE; // there is no server on the bench
}

std::int32_t BenchHost::kv_get(const plugboard_host* host, plugboard_call* call, plugboard_str key, void* user,
                               BenchKv::Done done) {
  return self(host).kv_.get(call, key, user, done);
}

std::int32_t BenchHost::kv_put(const plugboard_host* host, plugboard_call* call, plugboard_str key, plugboard_str value,
                               std::int64_t, std::int64_t only_if, void* user,
                               BenchKv::Done done) { // no trial lasts as long as a value
  return self(host).kv_.put(call, key, value, only_if, user, done);
}

std::int32_t BenchHost::kv_remove(const plugboard_host* host, plugboard_call* call, plugboard_str key,
                                  std::int64_t only_if, void* user, BenchKv::Done done) {
  return self(host).kv_.remove(call, key, only_if, user, done);
}

std::int32_t BenchHost::token(const plugboard_host* host, plugboard_call*, const plugboard_oauth2_client* client,
                              void* user, BenchTokens::OnToken on_token) {
  return self(host).tokens_.token(client, user, on_token);
}

std::int32_t BenchHost::invalidate(const plugboard_host* host, const plugboard_oauth2_client*,
                                   plugboard_str access_token) {
  return self(host).tokens_.invalidate(access_token);
}

std::int32_t BenchHost::watch(const plugboard_host* host, plugboard_str path, void* user,
                              void (*changed)(void*, plugboard_str)) {
  BenchHost& me = self(host);
  const auto found = me.given_.files.find(text_of(path));
  if (found == me.given_.files.end()) return PLUGBOARD_EGRESS_DENIED;
  changed(user, view(found->second)); // and never changes
  return PLUGBOARD_OK;
}

std::int32_t BenchHost::locate(const plugboard_host* host, plugboard_str path, void* user,
                               void (*receive)(void*, plugboard_str)) {
  const std::string wanted = text_of(path);
  if (wanted.find("..") != std::string::npos) return PLUGBOARD_EGRESS_DENIED;
  for (const auto& [granted, place] : self(host).given_.folders) {
    if (!wanted.starts_with(granted)) continue;
    const std::string local = place + "/" + wanted.substr(granted.size());
    receive(user, view(local));
    return PLUGBOARD_OK;
  }
  return PLUGBOARD_EGRESS_DENIED;
}

std::int32_t BenchHost::send(const plugboard_host* host, const plugboard_http_request* request, void* user,
                             void (*on_response)(void*, const plugboard_http_response*)) {
  BenchHost& me = self(host);
  const Waiting waiting{request->call, user, on_response};
  const Sent sent{text_of(request->method), text_of(request->url), text_of(request->body)};
  Server server;
  {
    const std::lock_guard lock(me.mutex_);
    me.sent_.push_back(sent.url);
    server = me.server_;
    if (!server) me.waiting_.push_back(waiting);
  }
  if (server) respond(waiting, server(sent));
  return PLUGBOARD_OK;
}

void BenchHost::respond(const Waiting& waiting, const Scripted& scripted) {
  static const std::string kMessage = "said by the hub";
  std::vector<plugboard_http_header> headers;
  for (const auto& [name, value] : scripted.headers) headers.push_back({view(name), view(value)});
  plugboard_http_response response{};
  response.p = PLUGBOARD_PREFIX(plugboard_http_response);
  response.error = scripted.error;
  if (scripted.error != PLUGBOARD_OK) {
    response.message = view(kMessage);
  } else {
    response.status = scripted.status;
    response.headers = headers.data();
    response.header_count = headers.size();
    response.body = view(scripted.body);
  }
  waiting.on_response(waiting.user, &response);
}

} // namespace plugboard::conformance
