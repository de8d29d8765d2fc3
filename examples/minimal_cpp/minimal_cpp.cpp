// A connector in C++: says whether a customer's e-mail address is one of the big free mail services.
#include <plugboard/plugin.hpp>

using namespace plugboard;

class Mail : public AsyncLookup {
 public:
  Mail(Host, std::string_view) {}

  void lookup(const Request& request, Call call) override {
    const auto email = request.find("email");
    if (request.section() != "mail" || !email) return call.fail(Status::unsupported, "there is only \"mail\"");
    const bool is_free = email->value.ends_with("@gmail.com") || email->value.ends_with("@outlook.com");
    call.complete(Section{.data = is_free ? R"({"free_mail":true})" : R"({"free_mail":false})"});
  }
};

PLUGBOARD_EXPORT(Mail)
