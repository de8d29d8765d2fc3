#include "core/daemon/build.hpp"
#include "core/daemon/read_file.hpp"

#include <cstdlib>
#include <cstring>
#include <mutex>

namespace plugboard::daemon {
namespace {

// What a variable holds is read once and then gone from the environment, which any program of the hub's user could
// read of the process otherwise, and a crash report would quote. Kept for reloads. [any thread]
class Environment {
 public:
  std::optional<Secret> read(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (const auto taken = taken_.find(name); taken != taken_.end()) return taken->second.copy();
    char* value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): nothing here sets variables
    if (value == nullptr || *value == '\0') return std::nullopt;
    auto& secret = taken_.emplace(name, Secret::kept(Secret(value))).first->second;
    ::explicit_bzero(value, std::strlen(value)); // in place: the block is what the kernel shows
    return secret.copy();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Secret> taken_;
};

} // namespace

ResolveSecret system_secrets() {
  return [environment = std::make_shared<Environment>()](const SecretReference& reference) -> Result<Secret> {
    if (reference.kind == SecretReference::Kind::env) {
      auto value = environment->read(reference.name);
      if (!value)
        return fail(Code::not_found, "the environment variable " + reference.name +
                                         " is not set; set it for the hub, or refer to a file");
      return std::move(*value);
    }
    auto text = read_file(reference.name, 64 * 1024);
    if (!text)
      return fail(Code::not_found, text.error().message + "; make the file, or refer to an environment variable");
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r'))
      text->pop_back(); // an editor's last line end
    if (text->empty()) return fail(Code::not_found, reference.name + " is empty; put the secret into it");
    return Secret(std::move(*text));
  };
}

} // namespace plugboard::daemon
