// Computes a section from others, well but for the one way that ILL names.
#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>

using namespace plugboard;

constexpr std::string_view kIll = ILL;

class Derived : public Derive {
 public:
  Derived(Host, std::string_view) {}

  Result<Section> derive(const Request& request) override {
    if (request.section() != "score") return Failure{Status::unsupported, "there is only \"score\""};
    const auto contact = request.input("contact");
    const auto known = parse_json(contact ? contact->data : std::string_view());
    if (kIll == "rubbish" && !known) throw std::runtime_error("the hub never sends that");
    if (!known) return Failure{Status::failed, "\"contact\" is no JSON"};
    const auto tickets = kIll == "lacking" ? request.input("tickets").value().data : std::string_view("[]");
    return Section{.data = JsonObject()
                               .set("tickets", static_cast<std::int64_t>(tickets.size()))
                               .set("known", (*known)["customer_id"].text().has_value())
                               .text()};
  }
};

PLUGBOARD_EXPORT(Derived)
