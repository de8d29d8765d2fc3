#include "tests/integration/http2_systems.hpp"

#include "tests/support/connection.hpp"
#include "tests/support/free_port.hpp"

#include <csignal>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace plugboard::test {
namespace {

void make_certificate(const TempFolder& folder) {
  Process openssl({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                   "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                   folder / "key.pem", "-out", folder / "certificate.pem"});
  if (openssl.wait() != 0) throw std::runtime_error("openssl makes no certificate: " + openssl.err());
}

std::string program(const std::string& name) {
  for (const std::string folder : {"/usr/sbin/", "/usr/bin/"})
    if (std::filesystem::exists(folder + name)) return folder + name;
  throw std::runtime_error(name + " is not there; .ci/install tests installs it");
}

// The first group of each match.
std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), regex); match != std::sregex_iterator(); ++match)
    found.insert((*match)[1]);
  return found;
}

} // namespace

Http2System::Http2System(int files) : port_(free_port()) {
  make_certificate(folder_);
  std::filesystem::create_directory(folder_ / "files");
  for (int i = 0; i < files; ++i)
    folder_.write("files/s" + std::to_string(i) + ".json", R"({"i": )" + std::to_string(i) + "}");
}

void Http2System::start() {
  ++starts_;
  process_ = std::make_unique<Process>(command());
  const bool listens = eventually([&] { return Connection::tcp(port_) || process_->ended(); });
  if (!listens || process_->ended())
    throw std::runtime_error(command()[0] + " does not start: " + process_->out() + process_->err());
}

void Http2System::kill() {
  process_->send(SIGKILL);
  process_->wait();
  said_before_ += process_->out();
}

Nginx::Nginx(int files, int slow_port) : Http2System(files) {
  folder_.write("nginx.conf", R"(
daemon off; master_process off; pid nginx.pid; error_log stderr;
events { worker_connections 512; }
http {
  log_format connections '$pid-$connection $server_protocol $request_uri';
  access_log access.log connections;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  default_type application/json;
  server {
    listen 127.0.0.1:)" + std::to_string(port()) +
                                  R"( ssl http2;
    ssl_certificate certificate.pem; ssl_certificate_key key.pem;
    location / { root files; }
    location /slow/ { proxy_pass http://127.0.0.1:)" +
                                  std::to_string(slow_port) + R"(; }
  }
}
)");
}

std::vector<std::string> Nginx::command() const {
  return {program("nginx"), "-e", "stderr", "-p", folder_.path(), "-c", folder_ / "nginx.conf"};
}

std::set<std::string> Nginx::connections() const {
  return all_matches(read_text(folder_ / "access.log"), "([0-9]+-[0-9]+) HTTP/2.0 ");
}

Nghttpd::Nghttpd(int files, bool tls) : Http2System(files), tls_(tls) {
  folder_.write("mime.types", "application/json json\n");
}

std::vector<std::string> Nghttpd::command() const {
  std::vector<std::string> words{program("nghttpd"), "--verbose", "--address=127.0.0.1",
                                 "--mime-types-file=" + folder_ / "mime.types", "--htdocs=" + folder_ / "files"};
  if (!tls_) words.push_back("--no-tls");
  words.push_back(std::to_string(port()));
  if (tls_) words.insert(words.end(), {folder_ / "key.pem", certificate()});
  return words;
}

std::set<std::string> Nghttpd::connections() const {
  std::set<std::string> found;
  for (const auto& id : all_matches(said_before_, "\\[id=([0-9]+)\\] \\[[ 0-9.]*\\] recv \\(stream_id="))
    found.insert("before-" + id);
  for (const auto& id : all_matches(process_->out(), "\\[id=([0-9]+)\\] \\[[ 0-9.]*\\] recv \\(stream_id="))
    found.insert(std::to_string(starts_) + "-" + id);
  return found;
}

} // namespace plugboard::test
