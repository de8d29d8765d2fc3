#include "core/daemon/build.hpp"
#include "core/daemon/read_file.hpp"

#include <cstdlib>

namespace plugboard::daemon {

ResolveSecret system_secrets() {
  return [](const SecretReference& reference) -> Result<Secret> {
    if (reference.kind == SecretReference::Kind::env) {
      const char* value =
          std::getenv(reference.name.c_str()); // NOLINT(concurrency-mt-unsafe): nothing here sets variables
      if (!value || !*value)
        return fail(Code::not_found, "the environment variable " + reference.name +
                                         " is not set; set it for the hub, or refer to a file");
      return Secret(value);
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
