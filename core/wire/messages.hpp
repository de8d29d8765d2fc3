// What a running worker and the hub say to each other, one struct a frame. Views point into what they were written
// from or into the frame's body. A read gives nothing when the body is not exactly such a message. Values.
#pragma once

#include "core/wire/frame.hpp"
#include "core/wire/launch.hpp"
#include "core/wire/reply.hpp"

#include <plugboard/abi.h>
#include <plugboard/host_http.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::wire {

struct GrantedFile { // ro:PATH
  std::string_view path;
  bool readable = false; // false: it cannot be read now; perhaps later
  std::string_view bytes;
};

struct GrantedFolder {   // ro:FOLDER/
  std::string_view path; // as the grant has it
  std::string_view local;
};

struct GrantedTunnel { // tcp:HOST:PORT
  std::string_view host;
  std::uint16_t port = 0;
  std::string_view local_address;
  std::uint16_t local_port = 0;
};

struct DeclaredMetric { // of the manifest
  std::string_view name;
  std::uint8_t kind = 0;
  std::vector<std::vector<std::string_view>> labels; // their values
};

struct Setup {
  std::string_view plugin, version; // what the library must say of itself
  std::string_view config;
  bool blocking = false;
  std::uint32_t threads = 0; // blocking: calls at once
  std::uint64_t max_reply_bytes = 0;
  std::vector<GrantedFile> files;
  std::vector<GrantedFolder> folders;
  std::vector<GrantedTunnel> tunnels;
  std::vector<DeclaredMetric> metrics;
};

struct Hello {
  std::vector<LayerState> layers; // those that the worker puts on itself
  std::string_view profile;       // "standard", "sanitizers"
};

struct Refused {
  std::string_view message;
};

struct Call {
  std::uint64_t handle = 0;
  plugboard_request request{}; // its identifiers and inputs point into these
  std::vector<plugboard_identifier> identifiers;
  std::vector<plugboard_input> inputs;
};

struct Cancel {
  std::uint64_t handle = 0;
};

struct Answer { // of a call
  std::uint64_t handle = 0;
  Reply reply;
};

struct Said {
  std::int32_t level = 0;
  std::string_view message;
};

struct HttpSend {
  std::uint64_t exchange = 0;       // the worker's number for it
  std::uint64_t call = 0;           // on whose behalf; 0: the plugin's own business
  plugboard_http_request request{}; // its headers point into `headers`; its call is not set
  std::vector<plugboard_http_header> headers;
};

struct HttpResponse {
  std::uint64_t exchange = 0;
  plugboard_http_response response{};
  std::vector<plugboard_http_header> headers;
};

struct FileChanged {
  std::uint32_t file = 0; // index into Setup::files
  std::string_view bytes;
};

struct SecretGet {
  std::uint64_t question = 0;
  std::string_view handle;
};

struct SecretValue {
  std::uint64_t question = 0;
  std::int32_t result = 0; // PLUGBOARD_OK, or what get() answered
  std::string_view value;
};

struct Ping {
  std::uint64_t number = 0;
};

void write(std::string& out, const Setup& message);
void write(std::string& out, const Hello& message);
void write(std::string& out, const Refused& message);
void write_call(std::string& out, std::uint64_t handle, const plugboard_request& request);
void write(std::string& out, const Cancel& message);
void write(std::string& out, const Answer& message);
void write_answer(std::string& out, std::uint64_t handle, const Reply& reply, std::size_t data_bytes); // data follows
void write(std::string& out, const Said& message);
void write_http_send(std::string& out, std::uint64_t exchange, const plugboard_http_request& request);
void write_http_response(std::string& out, std::uint64_t exchange, const plugboard_http_response& response);
void write(std::string& out, const FileChanged& message);
void write(std::string& out, const SecretGet& message);
void write(std::string& out, const SecretValue& message);
void write(std::string& out, Type ping_or_pong, const Ping& message);
void write_bare(std::string& out, Type type); // started, stop, stopped

std::optional<Setup> read_setup(std::string_view body);
std::optional<Hello> read_hello(std::string_view body);
std::optional<Refused> read_refused(std::string_view body);
bool read(std::string_view body, Call& message); // into one that is used again
std::optional<Cancel> read_cancel(std::string_view body);
std::optional<Answer> read_answer(std::string_view body);
std::optional<Said> read_said(std::string_view body);
bool read(std::string_view body, HttpSend& message);
bool read(std::string_view body, HttpResponse& message);
std::optional<FileChanged> read_file_changed(std::string_view body);
std::optional<SecretGet> read_secret_get(std::string_view body);
std::optional<SecretValue> read_secret_value(std::string_view body);
std::optional<Ping> read_ping(std::string_view body);

} // namespace plugboard::wire
