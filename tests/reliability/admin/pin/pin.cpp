// A login by e-mail address and number, as simple as can be guessed at: {"email": "…", "pin": "1234"}. It says whom a
// wrong number was tried for, and counts nothing itself.
#include <plugboard/plugin.hpp>

#include <string>

namespace {

using namespace plugboard;

std::string member(std::string_view credential, const std::string& name) { // of texts without escapes
  const auto head = "\"" + name + "\":\"";
  const auto at = credential.find(head);
  if (at == std::string_view::npos) return {};
  const auto from = at + head.size();
  return std::string(credential.substr(from, credential.find('"', from) - from));
}

class Pin final : public Authenticate {
 public:
  Pin(Host, std::string_view) {}

  Result<Step> authenticate(const Request& request) override {
    const auto email = member(request.credential(), "email");
    if (member(request.credential(), "pin") != "1234")
      return Failure{Status::rejected, "a wrong number", {}, Yield{"email", email, false}};
    Proof proof;
    proof.issuer = "pin";
    proof.subject = email;
    proof.methods = {"pin"};
    proof.authenticated_at = 1'767'225'600;
    proof.identifiers = {Yield{"email", email, true}};
    return proof;
  }
};

} // namespace

PLUGBOARD_EXPORT(Pin)
