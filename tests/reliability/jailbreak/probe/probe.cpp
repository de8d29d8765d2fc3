// A plugin that tries to get out. Its one section says what each attempt met: {"ATTEMPT": errno, …}; 0: it got through.
// What it goes for is said with each call.
#include "tests/reliability/jailbreak/probe/attempts.hpp"

#include <plugboard/plugin.hpp>

#include <rapidjson/document.h>

namespace {

using namespace plugboard::jailbreak;

class Probe : public plugboard::AsyncLookup {
 public:
  Probe(plugboard::Host, std::string_view) {}

  void lookup(const plugboard::Request& request, plugboard::Call call) override {
    const Targets targets = read(request.params());
    const auto customer = request.find("customer_id");
    std::string text = "{\"customer\":\"" + std::string(customer ? customer->value : "") + "\"";
    for (const auto& group : {on_inheritance(), on_files(), on_networks(), on_the_kernel(), on_processes()})
      for (const Attempt& attempt : group) {
        errno = 0;
        text.append(",\"").append(attempt.name).append("\":").append(std::to_string(attempt.run(targets)));
      }
    call.complete(plugboard::Section{text + "}", {}});
  }

 private:
  static Targets read(std::string_view params) { // an object of texts
    Targets targets;
    rapidjson::Document object;
    object.Parse(params.data(), params.size());
    const rapidjson::Value& read = object;
    if (read.IsObject())
      for (const auto& member : read.GetObject()) targets[member.name.GetString()] = member.value.GetString();
    return targets;
  }
};

} // namespace

PLUGBOARD_EXPORT(Probe)
