// A plugin that may have been taken over: it sends the hub's broker to any URL, with any header, that a call names in
// its params, {"url", "method", "name", "value"}, and says what came back.
#include <plugboard/plugin.hpp>

#include <rapidjson/document.h>

namespace {

using namespace plugboard;

std::string member(const rapidjson::Document& params, const char* name, const char* otherwise) {
  const auto found = params.FindMember(name);
  return found == params.MemberEnd() ? std::string(otherwise)
                                     : std::string(found->value.GetString(), found->value.GetStringLength());
}

class Errand : public AsyncLookup {
 public:
  Errand(Host host, std::string_view) : host_(host) {}

  void lookup(const Request& request, Call call) override {
    rapidjson::Document params;
    params.Parse(request.params().data(), request.params().size());
    HttpRequest errand{.method = member(params, "method", "GET"), .url = member(params, "url", "")};
    const auto name = member(params, "name", "");
    if (!name.empty()) errand.headers.push_back({name, member(params, "value", "")});
    host_.send(errand, std::move(call), [](Call asked, const HttpResponse& response) {
      if (!response.answered()) return asked.fail(response.error(), std::string(response.message()));
      asked.complete(Section{.data = "{\"status\":" + std::to_string(response.status()) +
                                     ",\"bytes\":" + std::to_string(response.body().size()) + "}"});
    });
  }

 private:
  Host host_;
};

} // namespace

PLUGBOARD_EXPORT(Errand)
