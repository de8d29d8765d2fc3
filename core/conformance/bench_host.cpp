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

BenchHost::BenchHost(const std::map<std::string, std::string>& secrets, const std::map<std::string, std::string>& files)
    : secrets_(secrets), files_(files) {
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
  return nullptr;
}

std::int32_t BenchHost::get_secret(const plugboard_host* host, plugboard_str handle, void* user,
                                   void (*receive)(void*, plugboard_str)) {
  BenchHost& me = self(host);
  const auto found = me.secrets_.find(text_of(handle));
  if (found == me.secrets_.end()) return PLUGBOARD_NOT_FOUND;
  receive(user, view(found->second));
  return PLUGBOARD_OK;
}

std::int32_t BenchHost::watch(const plugboard_host* host, plugboard_str path, void* user,
                              void (*changed)(void*, plugboard_str)) {
  BenchHost& me = self(host);
  const auto found = me.files_.find(text_of(path));
  if (found == me.files_.end()) return PLUGBOARD_EGRESS_DENIED;
  changed(user, view(found->second)); // and never changes
  return PLUGBOARD_OK;
}

std::int32_t BenchHost::locate(const plugboard_host*, plugboard_str, void*, void (*)(void*, plugboard_str)) {
  return PLUGBOARD_EGRESS_DENIED; // there is no folder on the bench
}

std::int32_t BenchHost::send(const plugboard_host* host, const plugboard_http_request* request, void* user,
                             void (*on_response)(void*, const plugboard_http_response*)) {
  BenchHost& me = self(host);
  const Waiting waiting{request->call, user, on_response};
  const std::string url = text_of(request->url);
  Server server;
  {
    const std::lock_guard lock(me.mutex_);
    me.sent_.push_back(url);
    server = me.server_;
    if (!server) me.waiting_.push_back(waiting);
  }
  if (server) respond(waiting, server(url));
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
