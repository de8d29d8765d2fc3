#include "core/wire/messages.hpp"

#include "core/wire/abi_text.hpp"

namespace plugboard::wire {
namespace {

constexpr std::uint32_t kMostGrants = 1024;
constexpr std::uint32_t kMostMetrics = 64;   // of a plugin; and of values of a label
constexpr std::uint32_t kMostHeaders = 1024; // what is too many is somebody else's to say

void put_headers(FieldWriter& fields, const plugboard_http_header* headers, std::size_t count) {
  fields.u32(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    put(fields, headers[i].name);
    put(fields, headers[i].value);
  }
}

void take_headers(FieldReader& fields, std::vector<plugboard_http_header>& headers) {
  headers.clear();
  for (std::uint32_t left = fields.count(kMostHeaders, 8); left > 0; --left) {
    plugboard_http_header& header = headers.emplace_back();
    header.name = take(fields);
    header.value = take(fields);
  }
}

void put_metric(FieldWriter& fields, const DeclaredMetric& metric) {
  fields.text(metric.name);
  fields.u8(metric.kind);
  fields.u32(static_cast<std::uint32_t>(metric.labels.size()));
  for (const auto& values : metric.labels) {
    fields.u32(static_cast<std::uint32_t>(values.size()));
    for (const std::string_view value : values) fields.text(value);
  }
}

DeclaredMetric take_metric(FieldReader& fields) {
  DeclaredMetric metric;
  metric.name = fields.text();
  metric.kind = fields.u8();
  for (std::uint32_t left = fields.count(kMostMetrics, 4); left > 0; --left) {
    auto& values = metric.labels.emplace_back();
    for (std::uint32_t more = fields.count(kMostMetrics, 4); more > 0; --more) values.push_back(fields.text());
  }
  return metric;
}

} // namespace

void write(std::string& out, const Setup& message) {
  FrameWriter frame(out, Type::setup);
  frame.text(message.plugin);
  frame.text(message.version);
  frame.text(message.config);
  frame.flag(message.blocking);
  frame.u32(message.threads);
  frame.u64(message.max_reply_bytes);
  frame.u32(static_cast<std::uint32_t>(message.files.size()));
  for (const GrantedFile& file : message.files) {
    frame.text(file.path);
    frame.flag(file.readable);
    frame.text(file.bytes);
  }
  frame.u32(static_cast<std::uint32_t>(message.folders.size()));
  for (const GrantedFolder& folder : message.folders) {
    frame.text(folder.path);
    frame.text(folder.local);
  }
  frame.u32(static_cast<std::uint32_t>(message.tunnels.size()));
  for (const GrantedTunnel& tunnel : message.tunnels) {
    frame.text(tunnel.host);
    frame.u16(tunnel.port);
    frame.text(tunnel.local_address);
    frame.u16(tunnel.local_port);
  }
  frame.u32(static_cast<std::uint32_t>(message.metrics.size()));
  for (const DeclaredMetric& metric : message.metrics) put_metric(frame, metric);
}

std::optional<Setup> read_setup(std::string_view body) {
  FieldReader fields(body);
  Setup setup;
  setup.plugin = fields.text();
  setup.version = fields.text();
  setup.config = fields.text();
  setup.blocking = fields.flag();
  setup.threads = fields.u32();
  setup.max_reply_bytes = fields.u64();
  for (std::uint32_t left = fields.count(kMostGrants, 9); left > 0; --left) {
    GrantedFile& file = setup.files.emplace_back();
    file.path = fields.text();
    file.readable = fields.flag();
    file.bytes = fields.text();
  }
  for (std::uint32_t left = fields.count(kMostGrants, 8); left > 0; --left) {
    GrantedFolder& folder = setup.folders.emplace_back();
    folder.path = fields.text();
    folder.local = fields.text();
  }
  for (std::uint32_t left = fields.count(kMostTunnels, 12); left > 0; --left) {
    GrantedTunnel& tunnel = setup.tunnels.emplace_back();
    tunnel.host = fields.text();
    tunnel.port = fields.u16();
    tunnel.local_address = fields.text();
    tunnel.local_port = fields.u16();
  }
  for (std::uint32_t left = fields.count(kMostMetrics, 9); left > 0; --left)
    setup.metrics.push_back(take_metric(fields));
  return whole(fields, std::move(setup));
}

void write(std::string& out, const Hello& message) {
  FrameWriter frame(out, Type::hello);
  frame.u32(kVersion);
  write_layers(frame, message.layers);
  frame.text(message.profile);
}

std::optional<Hello> read_hello(std::string_view body) {
  FieldReader fields(body);
  Hello hello;
  if (fields.u32() != kVersion || !read_layers(fields, hello.layers)) return std::nullopt;
  hello.profile = fields.text();
  return whole(fields, std::move(hello));
}

void write(std::string& out, const Refused& message) {
  FrameWriter(out, Type::refused).text(message.message);
}

std::optional<Refused> read_refused(std::string_view body) {
  FieldReader fields(body);
  return whole(fields, Refused{fields.text()});
}

void write(std::string& out, const Cancel& message) {
  FrameWriter(out, Type::cancel).u64(message.handle);
}

std::optional<Cancel> read_cancel(std::string_view body) {
  FieldReader fields(body);
  return whole(fields, Cancel{fields.u64()});
}

void write(std::string& out, const Answer& message) {
  write_answer(out, message.handle, message.reply, message.reply.data.size());
  out.append(message.reply.data);
}

void write_answer(std::string& out, std::uint64_t handle, const Reply& reply, std::size_t data_bytes) {
  FrameWriter frame(out, Type::reply);
  frame.u64(handle);
  frame.i32(reply.status);
  frame.flag(reply.verbatim);
  frame.flag(reply.too_large);
  frame.i64(reply.retry_after.count());
  frame.text(reply.garbage);
  frame.text(reply.message);
  frame.u32(static_cast<std::uint32_t>(reply.identifiers.size()));
  for (const Identifier& one : reply.identifiers) {
    frame.text(one.type);
    frame.text(one.value);
    frame.flag(one.verified);
  }
  frame.text_follows(data_bytes);
}

std::optional<Answer> read_answer(std::string_view body) {
  FieldReader fields(body);
  Answer answer;
  Reply& reply = answer.reply;
  answer.handle = fields.u64();
  reply.status = fields.i32();
  reply.verbatim = fields.flag();
  reply.too_large = fields.flag();
  reply.retry_after = bounded_retry_after(fields.i64());
  reply.garbage = fields.text().substr(0, kMostMessage);
  reply.message = fields.text().substr(0, kMostMessage);
  for (std::uint32_t left = fields.count(kMostYields, 9); left > 0; --left) {
    Identifier& one = reply.identifiers.emplace_back();
    one.type = fields.text();
    one.value = fields.text();
    one.verified = fields.flag();
  }
  reply.data = fields.text();
  return whole(fields, std::move(answer));
}

void write(std::string& out, const Said& message) {
  FrameWriter frame(out, Type::log);
  frame.i32(message.level);
  frame.text(message.message);
}

std::optional<Said> read_said(std::string_view body) {
  FieldReader fields(body);
  Said said;
  said.level = fields.i32();
  said.message = fields.text();
  return whole(fields, std::move(said));
}

void write_http_send(std::string& out, std::uint64_t exchange, const plugboard_http_request& request) {
  FrameWriter frame(out, Type::http_send);
  frame.u64(exchange);
  frame.u64(reinterpret_cast<std::uintptr_t>(request.call));
  frame.i64(request.timeout_ns);
  frame.u64(request.max_body_bytes);
  put(frame, request.method);
  put(frame, request.url);
  put_headers(frame, request.headers, request.header_count);
  put(frame, request.body);
}

bool read(std::string_view body, HttpSend& message) {
  FieldReader fields(body);
  plugboard_http_request& request = message.request;
  request = {};
  request.p = PLUGBOARD_PREFIX(plugboard_http_request);
  message.exchange = fields.u64();
  message.call = fields.u64();
  request.timeout_ns = fields.i64();
  request.max_body_bytes = fields.u64();
  request.method = take(fields);
  request.url = take(fields);
  take_headers(fields, message.headers);
  request.headers = message.headers.data();
  request.header_count = message.headers.size();
  request.body = take(fields);
  return fields.finished();
}

void write_http_response(std::string& out, std::uint64_t exchange, const plugboard_http_response& response) {
  FrameWriter frame(out, Type::http_response);
  frame.u64(exchange);
  frame.i32(response.error);
  frame.i32(response.status);
  put_headers(frame, response.headers, response.header_count);
  put(frame, response.message);
  put(frame, response.body);
}

bool read(std::string_view body, HttpResponse& message) {
  FieldReader fields(body);
  plugboard_http_response& response = message.response;
  response = {};
  response.p = PLUGBOARD_PREFIX(plugboard_http_response);
  message.exchange = fields.u64();
  response.error = fields.i32();
  response.status = fields.i32();
  take_headers(fields, message.headers);
  response.headers = message.headers.data();
  response.header_count = message.headers.size();
  response.message = take(fields);
  response.body = take(fields);
  return fields.finished();
}

void write(std::string& out, const FileChanged& message) {
  FrameWriter frame(out, Type::file);
  frame.u32(message.file);
  frame.text(message.bytes);
}

std::optional<FileChanged> read_file_changed(std::string_view body) {
  FieldReader fields(body);
  FileChanged changed;
  changed.file = fields.u32();
  changed.bytes = fields.text();
  return whole(fields, std::move(changed));
}

void write(std::string& out, const SecretGet& message) {
  FrameWriter frame(out, Type::secret_get);
  frame.u64(message.question);
  frame.text(message.handle);
}

std::optional<SecretGet> read_secret_get(std::string_view body) {
  FieldReader fields(body);
  SecretGet get;
  get.question = fields.u64();
  get.handle = fields.text();
  return whole(fields, std::move(get));
}

void write(std::string& out, const SecretValue& message) {
  FrameWriter frame(out, Type::secret);
  frame.u64(message.question);
  frame.i32(message.result);
  frame.text(message.value);
}

std::optional<SecretValue> read_secret_value(std::string_view body) {
  FieldReader fields(body);
  SecretValue value;
  value.question = fields.u64();
  value.result = fields.i32();
  value.value = fields.text();
  return whole(fields, std::move(value));
}

void write(std::string& out, Type ping_or_pong, const Ping& message) {
  FrameWriter(out, ping_or_pong).u64(message.number);
}

std::optional<Ping> read_ping(std::string_view body) {
  FieldReader fields(body);
  return whole(fields, Ping{fields.u64()});
}

void write_bare(std::string& out, Type type) {
  const FrameWriter frame(out, type);
}

} // namespace plugboard::wire
