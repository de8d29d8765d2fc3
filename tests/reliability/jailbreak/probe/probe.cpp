// A plugin that tries to get out. Its one section says what each attempt met: {"ATTEMPT": errno, …}; 0: it got through.
#include "tests/reliability/jailbreak/probe/attempts.hpp"

#include <plugboard/plugin.hpp>

#include <rapidjson/document.h>

#include <stdexcept>

namespace {

using namespace plugboard::jailbreak;

class Probe : public plugboard::AsyncLookup {
 public:
  Probe(plugboard::Host, std::string_view config) {
    rapidjson::Document read;
    read.Parse(config.data(), config.size());
    if (!read.IsObject()) throw std::runtime_error("the configuration is no object");
    for (const auto& member : read.GetObject()) targets_[member.name.GetString()] = member.value.GetString();
  }

  void lookup(const plugboard::Request& request, plugboard::Call call) override {
    const auto customer = request.find("customer_id");
    std::string text = "{\"customer\":\"" + std::string(customer ? customer->value : "") + "\"";
    for (const auto& group : {on_inheritance(), on_files(), on_networks(), on_the_kernel(), on_processes()})
      for (const Attempt& attempt : group) {
        errno = 0;
        text.append(",\"").append(attempt.name).append("\":").append(std::to_string(attempt.run(targets_)));
      }
    call.complete(plugboard::Section{text + "}", {}});
  }

 private:
  Targets targets_;
};

} // namespace

PLUGBOARD_EXPORT(Probe)
