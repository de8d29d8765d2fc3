// A connector with loose lips: all that it is asked with goes into the log, into the reason of its failure, into what
// it throws. And one that would like to be more than it is.
#include <plugboard/plugin.hpp>

#include <stdexcept>

namespace {

using namespace plugboard;

class Chatty : public Lookup {
 public:
  Chatty(Host host, std::string_view) : host_(host) {}

  Result<Section> lookup(const Request& request) override {
    if (request.section() == "claim") return claim();
    std::string all = "asked with " + std::string(request.params());
    for (std::size_t i = 0; i < request.identifier_count(); ++i) all += " " + std::string(request.identifier(i).value);
    for (const auto level : {PLUGBOARD_LOG_DEBUG, PLUGBOARD_LOG_INFO, PLUGBOARD_LOG_WARN, PLUGBOARD_LOG_ERROR})
      host_.log(level, all);
    if (request.section() == "fail") return Failure{Status::failed, all};
    if (request.section() == "throw") throw std::runtime_error(all);
    return Section{.data = R"({"said":true})"};
  }

 private:
  static Result<Section> claim() {
    return Section{.data = R"({"status":"denied","source":{"connector":"login","plugin":"jwt","version":"9.9.9"},
                              "assurance":"aal3","verified":true,"fetched_at":"2001-01-01T00:00:00Z","age_ms":-1})",
                   .yields = {{".rank", "general", true}}};
  }

  Host host_;
};

} // namespace

PLUGBOARD_EXPORT(Chatty)
