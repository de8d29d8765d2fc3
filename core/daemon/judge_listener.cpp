#include "core/daemon/build.hpp"

#include <sys/stat.h>

namespace plugboard::daemon {

namespace {

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

class JudgingTls {
 public:
  JudgingTls(const TlsConfig& config, const ResolveSecret& resolve, Judged& judged, std::vector<json::Fault>& faults)
      : config_(config), resolve_(resolve), judged_(judged), faults_(faults) {}

  void judge(const Clock& clock, Random& random, http::TlsIdentityPtr& identity) {
    auto certificate = text_of(config_.certificate), key = text_of(config_.key);
    auto client_ca = config_.client_ca ? text_of(*config_.client_ca) : Secret();
    if (!certificate || !key || !client_ca) return;
    warn_of_readers();
    const http::TlsMaterial material{std::string(certificate->reveal()), std::move(*key),
                                     std::string(client_ca->reveal()), config_.client_certificates};
    std::vector<http::TlsFault> found;
    identity = http::TlsIdentity::make(material, clock, random, found);
    for (auto& fault : found) faults_.push_back({place_of(fault.part).pointer, described(fault)});
  }

 private:
  std::optional<Secret> text_of(const SecretReference& reference) {
    auto value = resolve_(reference);
    if (value) return std::move(*value);
    faults_.push_back({reference.pointer, value.error().message});
    return std::nullopt;
  }

  const SecretReference& place_of(http::TlsFault::Part part) const {
    if (part == http::TlsFault::Part::certificate) return config_.certificate;
    return part == http::TlsFault::Part::key ? config_.key : *config_.client_ca;
  }

  std::string described(const http::TlsFault& fault) const { return place_of(fault.part).name + " " + fault.message; }

  void warn_of_readers() {
    struct stat info {};

    const auto& key = config_.key;
    if (key.kind != SecretReference::Kind::file || ::stat(key.name.c_str(), &info) != 0) return;
    if ((info.st_mode & (S_IROTH | S_IWOTH)) != 0)
      judged_.warnings.push_back({key.pointer, key.name +
                                                   " can be read or written by everybody on this machine; let "
                                                   "only the hub's user: chmod 600 " +
                                                   key.name});
  }

  const TlsConfig& config_;
  const ResolveSecret& resolve_;
  Judged& judged_;
  std::vector<json::Fault>& faults_;
};

} // namespace

void judge_listener(const Config& config, const ResolveSecret& resolve, const Clock& clock, Random& random,
                    Judged& judged, std::vector<json::Fault>& faults) {
  if (config.admin.tls) JudgingTls(*config.admin.tls, resolve, judged, faults).judge(clock, random, judged.admin_tls);
  if (config.tls) return JudgingTls(*config.tls, resolve, judged, faults).judge(clock, random, judged.tls);
  if (config.agents.address.empty() || is_loopback(config.agents.address)) return;
  judged.warnings.push_back({"/agents/listen",
                             "clients' keys and customers' data cross the network in the clear: add "
                             "\"tls\" to /agents, or listen on 127.0.0.1 behind a proxy that ends TLS"});
}

} // namespace plugboard::daemon
