// D5: of a card's number nothing leaves but its first six and last four digits, of an IBAN its first and last four
// characters, wherever they stand in what systems answer and however they are written; a card's security code leaves
// nowhere; and none of them comes to lie on the disk. Payloads, log, metrics and every file of the hub are searched.
#include "tests/reliability/policy/planted.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

class Search {
 public:
  explicit Search(Showing& showing)
      : showing_(showing), planted_(plant(showing.random, showing.full ? 200 : 36)), hub_(configuration()) {
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
  }

  void ask_for_all();
  void look_at_disk();

 private:
  HubConfig configuration();
  void put(const std::string& spelt, const std::string& code);
  void look(const std::string& what, std::string_view bytes);

  Showing& showing_;
  Planted planted_;
  Upstream upstream_;
  HubProcess hub_;
};

HubConfig Search::configuration() {
  HubConfig config;
  config.more = R"("log": {"level": "trace"}, "policy": {"rules": [
    {"purposes": ["support"], "sections": ["*"], "unknown_fields": "pass"},
    {"purposes": ["sales"], "sections": ["*"], "fields": ["/payments/*/description", "/payments/*/method", "/notes", "/tags", "/free", "/list"],
     "masks": {"/notes": "last4"}}]},)";
  const auto section = [](const std::string& name, const std::string& shape) {
    return "{\"" + name + R"(": {"shape": ")" + shape + R"(", "needs": [["customer_id"]], "url": "/)" + name +
           R"(?c={customer_id}", "mapping": "identity"}})";
  };
  config.add("shop", rest_connector(upstream_.port(), section("payments", "payments/v1")));
  config.add("crm", rest_connector(upstream_.port(), section("contact", "contact/v1")));
  config.add("misc", rest_connector(upstream_.port(), section("record", "record/v1")));
  return config;
}

// In free text, in fields that never pass, in a record that no shape describes: as text, as a name, as a number.
void Search::put(const std::string& spelt, const std::string& code) {
  const auto text = "\"" + spelt + "\"";
  upstream_.on("/payments",
               UpstreamReply{.body = R"({"payments": [{"id": "p", "description": )" + text + R"(, "number": )" + text +
                                     R"(, "method": {"type": "card", "number": )" + text + R"(, "cvv": ")" + code +
                                     R"(", "track_data": ")" + code + R"(", "pin": ")" + code + R"(", "holder": )" +
                                     text + "}}]}"});
  upstream_.on("/contact", UpstreamReply{.body = R"({"customer_id": "1001", "notes": )" + text + R"(, "tags": [)" +
                                                 text + R"(, "fine"], "address": {"lines": [)" + text +
                                                 R"(]}, "nobody_knows": )" + text + "}"});
  const bool is_number = spelt.find_first_not_of("0123456789") == std::string::npos && spelt.size() < 20;
  upstream_.on("/record",
               UpstreamReply{.body = R"({"free": )" + text + ", " + text + R"(: "a name", "list": [{"deep": )" + text +
                                     R"(}], "number": )" + (is_number ? spelt : "1") + "}"});
}

void Search::look(const std::string& what, std::string_view bytes) {
  const auto there = found(planted_, bytes);
  showing_.holds(there.empty(), what + " holds " + there);
  showing_.count("bytes", static_cast<std::int64_t>(bytes.size()));
}

void Search::ask_for_all() {
  const auto session = hub_.session();
  std::vector<std::string> numbers = planted_.cards;
  numbers.insert(numbers.end(), planted_.ibans.begin(), planted_.ibans.end());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    for (const auto& spelt : spellings(numbers[i])) {
      put(spelt, planted_.codes[i % planted_.codes.size()]);
      for (const auto* purpose : {"support", "sales"}) {
        const auto answer =
            hub_.context(session, R"(, "deadline_ms": 20000, "purpose": ")" + std::string(purpose) + "\"");
        const auto text = answer.dump();
        look("what left for " + std::string(purpose) + ": " + text, text);
        for (const auto* name : {"shop.payments", "crm.contact", "misc.record"})
          showing_.holds(answer.text("/sections/" + std::string(name) + "/status") == "ok",
                         "the test does not see " + text);
        showing_.holds(text.find("*") != std::string::npos, spelt + " was not masked, but is gone: " + text);
        showing_.count("contexts");
      }
    }
  showing_.count("numbers", static_cast<std::int64_t>(numbers.size()));
}

void Search::look_at_disk() {
  look("the metrics", hub_.admin("/metrics").body);
  look("the log", hub_.raw_log());
  const auto search = [&] {
    for (const auto& entry : fs::recursive_directory_iterator(hub_.folder().path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << file.rdbuf();
      look(entry.path().filename().string(), bytes.str());
      showing_.count("files");
    }
  };
  search();
  hub_.stop();
  search();
}

std::string show(Showing& showing) {
  Search search(showing);
  search.ask_for_all();
  search.look_at_disk();
  return std::to_string(showing.counted("numbers")) + " card numbers and IBANs in twelve spellings, " +
         std::to_string(showing.counted("contexts")) + " contexts, " + std::to_string(showing.counted("files")) +
         " files, none found";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "D5", plugboard::test::show);
}
