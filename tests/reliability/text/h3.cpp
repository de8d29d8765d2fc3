// H3: JSON is read strictly, and as every other reader reads it. Each text (cases of our own of every class,
// JSONTestSuite where it is here) goes three ways: to the strict reader in this process, as a request's body to the
// daemon, and as an upstream's answer through the connector `rest`. What was accepted, and many thousand texts that are
// nearly JSON, must be understood alike by Python's parser and by RapidJSON, numbers compared as text.
#include "core/json/document.hpp"
#include "core/json/reader.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/reliability/text/tokens.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/json_cases.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace plugboard::test {
namespace {

constexpr std::size_t kBodyBytes = 64 * 1024; // of a request: more is refused before anything reads it

std::string shown(const JsonCase& one) {
  return one.name.substr(0, 80);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= std::min<std::size_t>(3, bytes.size() - i) ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

// Collects what the hub's reader made of texts, for the other parser.
class Oracle {
 public:
  explicit Oracle(const TempFolder& folder) : file_(folder / "texts"), out_(file_) {}

  void add(const std::string& text, const Result<json::Value>& value) {
    out_ << base64(text) << '\t' << (value ? 1 : 0) << '\t' << (value ? base64(json::to_text(*value)) : "") << '\n';
  }

  void ask(Showing& showing) {
    out_.close();
    Process python({PYTHON, JSON_ORACLE, file_});
    const auto code = python.wait(std::chrono::minutes(10));
    showing.holds(code == 0, "another parser differs: " + python.out() + python.err());
  }

 private:
  std::string file_;
  std::ofstream out_;
};

void read_here(Showing& showing, const std::vector<JsonCase>& cases, Oracle& oracle) {
  json::Reader reader; // one for all, as a thread of the hub has
  for (const auto& one : cases) {
    const auto value = reader.read(one.text);
    showing.holds(value.has_value() == one.accepted,
                  shown(one) + ": " + (value ? "accepted" : to_string(value.error())));
    const auto document = json::read_document(one.text, false);
    if (one.name.starts_with("n_"))
      showing.holds(!document.faults.empty(), shown(one) + ": is accepted in people's files");
    if (one.accepted && one.text.size() < kBodyBytes)
      showing.holds(document.faults.empty(), shown(one) + ": is refused in people's files");
    oracle.add(one.text, value);
    showing.count("in process");
  }
}

// Nearly JSON: a sound text with a few changes. What the reader thinks of each is held against the other parser.
class Mutator {
 public:
  Mutator(std::vector<JsonCase> cases, std::mt19937_64& random) : cases_(std::move(cases)), random_(random) {
    std::erase_if(cases_, [](const JsonCase& one) { return one.text.size() > 2000; });
  }

  std::string text() {
    auto text = pick();
    for (auto changes = 1 + below(4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  const std::string& pick() { return cases_[below(cases_.size())].text; }

  void change(std::string& text) {
    static constexpr std::string_view kPieces[] = {
        "{",  "}", "[",      "]",        ",",        ":",       "\"",      "\\",      "-",    "0",    "1",
        "9",  ".", "e",      "E+",       "null",     "\\u00e9", "\\ud83d", "\\ude00", "\xff", "\xc3", "\xa9",
        "\n", " ", "\"a\":", "\"a\":1,", "[[[[[[[[", "308",     "1e5",     "true",    "\t",   "/"};
    const auto at = below(text.size() + 1);
    switch (below(4)) {
    case 0:
      text.insert(at, kPieces[below(std::size(kPieces))]);
      break;
    case 1:
      text.erase(at, 1 + below(4));
      break;
    case 2:
      if (at < text.size()) text[at] = static_cast<char>(below(256));
      break;
    case 3:
      text.insert(at, pick());
      break;
    }
  }

  std::vector<JsonCase> cases_;
  std::mt19937_64& random_;
};

void read_mutations(Showing& showing, const std::vector<JsonCase>& cases, Oracle& oracle) {
  Mutator mutator(cases, showing.random);
  json::Reader reader;
  const int count = showing.full ? 1'000'000 : 30'000;
  for (int i = 0; i < count; ++i) {
    const auto text = mutator.text();
    const auto value = reader.read(text);
    oracle.add(text, value);
    showing.count("texts nearly JSON");
    showing.count("texts nearly JSON, accepted", value ? 1 : 0);
  }
}

void send_as_body(Showing& showing, HubProcess& hub, const std::vector<JsonCase>& cases) {
  for (const auto& one : cases) {
    const auto answer = hub.post("/v1/context", one.text);
    const bool too_large = one.text.size() > kBodyBytes;
    const std::string expected = too_large ? "too-large" : one.accepted ? "invalid-request" : "malformed";
    showing.holds(answer.status == (too_large ? 413 : 400) && (too_large || answer.problem() == expected),
                  shown(one) + ": as a body it was answered " + std::to_string(answer.status) + " " + answer.body +
                      " and not " + expected);
    showing.count("as a request's body");
  }
}

bool is_object(const JsonCase& one) {
  const auto first = one.text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && one.text[first] == '{';
}

class AsAnswer {
 public:
  AsAnswer(Showing& showing, HubProcess& hub) : showing_(showing), hub_(hub), session_(hub.session()) {}

  void judge(const JsonCase& one) {
    const auto body = hub_.post("/v1/context", R"({"session": ")" + session_ + R"(", "deadline_ms": 20000})").body;
    const auto tokens = tokens_of(body); // a section of 64 levels makes an answer of more
    if (!showing_.holds(tokens.has_value(), shown(one) + ": the context is no JSON")) return;
    const bool deep = one.name.starts_with("own depth 64"); // one level more does not fit
    const bool wide = one.name == "own 1e5 elements";       // nor one member
    section(one, *tokens, "as_it_is", one.accepted && is_object(one));
    section(one, *tokens, "mapped", one.accepted && !deep && !wide);
    const auto sent = tokens_of(one.text);
    if (!one.accepted || !sent) return;
    Tokens data{":data"};
    data.insert(data.end(), sent->begin(), sent->end());
    if (is_object(one)) showing_.holds(stands_in(data, *tokens), shown(one) + ": what came is not what was passed on");
    if (deep || wide || one.text == "null") return;
    Tokens mapped{":data", "{", ":value"};
    mapped.insert(mapped.end(), sent->begin(), sent->end());
    showing_.holds(stands_in(mapped, *tokens), shown(one) + ": what came is not what was mapped");
  }

 private:
  // What follows a name in a section of the answer: "ok after ":status".
  static std::string member(const Tokens& context, const std::string& section, const std::string& name) {
    const auto at = std::find(context.begin(), context.end(), ":up." + section);
    const auto found = std::find(at, context.end(), ":" + name);
    return found == context.end() ? "" : (found + 1)->substr(1);
  }

  void section(const JsonCase& one, const Tokens& context, const std::string& name, bool ok) {
    const auto status = member(context, name, "status"), reason = status == "ok" ? "" : member(context, name, "reason");
    showing_.holds(ok ? status == "ok" : status == "error" && reason == "upstream_malformed",
                   shown(one) + ": as an answer, " + name + ", it became " + status + " " + reason);
    showing_.count("as an upstream's answer");
  }

  Showing& showing_;
  HubProcess& hub_;
  const std::string session_;
};

void send_as_answer(Showing& showing, HubProcess& hub, Upstream& upstream, const std::vector<JsonCase>& cases) {
  AsAnswer way(showing, hub);
  for (const auto& one : cases) {
    upstream.on("/answer", UpstreamReply{.body = one.text});
    way.judge(one);
  }
}

void check_choices(Showing& showing, const std::vector<JsonCase>& suite) {
  const auto choices = documented_choices();
  std::size_t known = 0;
  for (const auto& one : suite)
    for (const auto& choice : choices) known += choice.name == one.name ? 1U : 0U;
  const auto in_suite =
      std::count_if(suite.begin(), suite.end(), [](const auto& one) { return one.name.starts_with("i_"); });
  showing.holds(known == choices.size() && static_cast<std::size_t>(in_suite) == known,
                "core/json/README.md does not list the choices that JSONTestSuite leaves: it has " +
                    std::to_string(choices.size()) + " of " + std::to_string(in_suite));
}

std::string show(Showing& showing) {
  auto cases = own_json_cases();
  const auto suite = json_test_suite();
  if (suite.empty())
    showing.count("JSONTestSuite is not here");
  else
    check_choices(showing, suite);
  cases.insert(cases.end(), suite.begin(), suite.end());
  const TempFolder folder;
  Oracle oracle(folder);
  read_here(showing, cases, oracle);
  read_mutations(showing, cases, oracle);
  oracle.ask(showing);

  Upstream upstream;
  HubConfig config;
  config.add("up", rest_connector(upstream.port(),
                                  R"({"as_it_is": )" + rest_section("/answer") +
                                      R"(, "mapped": {"shape": "record/v1", "needs": [["customer_id"]],
      "url": "/answer?customer={customer_id}", "mapping": {"value": ""}}})",
                                  R"("breaker": {"enabled": false}, )"));
  HubProcess hub(config);
  if (!hub.start()) throw std::runtime_error("the hub did not start: " + hub.raw_log());
  send_as_body(showing, hub, cases);
  send_as_answer(showing, hub, upstream, cases);
  showing.holds(hub.stop() == 0, "the hub did not end well");
  return std::to_string(cases.size()) + " texts three ways, " + std::to_string(suite.size()) +
         " of them JSONTestSuite's, " + std::to_string(showing.counted("texts nearly JSON")) + " nearly JSON";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "H3", plugboard::test::show);
}
