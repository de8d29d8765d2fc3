// A section computed from others: how carefully a customer should be served, out of 100, and why. It asks no system
// itself; the hub hands it what the systems said that the configuration names under "from".
#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>

#include <algorithm>
#include <stdexcept>

using namespace plugboard;

class Risk : public Derive {
 public:
  Risk(Host, std::string_view text) {
    const auto config = parse_json(text); // it follows config.schema.json: the hub has checked that
    if (!config) throw std::runtime_error(config.failure().message);
    high_ = (*config)["high"].integer().value_or(high_);
  }

  Result<Section> derive(const Request& request) override {
    if (request.section() != "score") return Failure{Status::unsupported, "there is only \"score\""};
    const auto contact = read(request, "contact"), payments = read(request, "payments");
    if (!contact) return contact.failure();
    if (!payments) return payments.failure();
    Score score;
    judge_contact(*contact, score);
    for (const auto& payment : (*payments)["payments"].items()) judge_payment(payment, score);
    if (request.input("tickets")) { // optional: without it there is a score, too
      const auto tickets = read(request, "tickets");
      if (!tickets) return tickets.failure();
      for (const auto& ticket : (*tickets)["tickets"].items()) judge_ticket(ticket, score);
    }
    const auto points = std::min<std::int64_t>(score.points, 100);
    JsonArray reasons;
    for (const auto& reason : score.reasons) reasons.add(reason);
    return Section{.data = JsonObject()
                               .set("score", points)
                               .set("level", points >= high_ ? "high" : "normal")
                               .set("reasons", reasons)
                               .set("saw_tickets", request.input("tickets").has_value())
                               .text()};
  }

 private:
  struct Score {
    std::int64_t points = 0;
    std::vector<std::string> reasons{}; // each once

    void add(std::int64_t more, const std::string& why) {
      points += more;
      if (std::find(reasons.begin(), reasons.end(), why) == reasons.end()) reasons.push_back(why);
    }
  };

  // The hub has read it and held it against its shape; a test bench need not have.
  static Result<JsonValue> read(const Request& request, std::string_view name) {
    const auto input = request.input(name);
    if (!input) return Failure{Status::failed, "it was asked without its input \"" + std::string(name) + "\""};
    auto value = parse_json(input->data);
    if (value && value->type() == JsonValue::Type::object) return value;
    return Failure{Status::failed, "its input \"" + std::string(name) + "\" is no JSON object"};
  }

  static void judge_contact(const JsonValue& contact, Score& score) {
    if (contact["status"].text() == "blocked") score.add(60, "the customer is blocked");
    const auto& phones = contact["phones"].items();
    const auto verified = [](const JsonValue& phone) { return phone["verified"].truth().value_or(false); };
    if (std::none_of(phones.begin(), phones.end(), verified)) score.add(10, "no phone number is verified");
  }

  static void judge_payment(const JsonValue& payment, Score& score) {
    if (payment["kind"].text() == "chargeback") score.add(40, "a payment was charged back");
    if (payment["status"].text() == "disputed") score.add(25, "a payment is disputed");
    if (payment["status"].text() == "overdue") score.add(5, "a payment is overdue");
  }

  static void judge_ticket(const JsonValue& ticket, Score& score) {
    if (ticket["type"].text() == "complaint" && ticket["status"].text() != "closed")
      score.add(5, "a complaint is open");
  }

  std::int64_t high_ = 50;
};

PLUGBOARD_EXPORT(Risk)
