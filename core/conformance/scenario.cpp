#include "core/conformance/scenario.hpp"

#include "core/base/url_text.hpp"
#include "core/connector/published_shapes.hpp"
#include "core/json/pointer.hpp"
#include "core/json/reader.hpp"

#include <algorithm>

namespace plugboard::conformance {
namespace {

using json::TreeValue;

// Somebody who is nobody: values of the form that each type has.
std::string made_up(std::string_view type) {
  if (type == "email") return "ada@example.com";
  if (type == "phone") return "+46701234512";
  return "ada-1";
}

// An object with no more than its shape asks for.
std::string least_of(std::string_view shape) {
  if (shape == "contact/v1") return R"({"customer_id":"ada-1"})";
  if (shape == "orders/v1") return R"({"orders":[]})";
  if (shape == "payments/v1") return R"({"payments":[]})";
  if (shape == "tickets/v1") return R"({"tickets":[]})";
  return "{}";
}

// As a hub does: where the operator writes {"env": NAME}, the plugin finds {"secret": HANDLE}.
void put_handles(TreeValue& value) {
  if (value.IsArray())
    for (TreeValue& each : value.GetArray()) put_handles(each);
  if (!value.IsObject()) return;
  auto entry = value.MemberBegin();
  for (auto left = value.MemberCount(); left > 0; --left, ++entry) {
    if (value.MemberCount() == 1 && entry->value.IsString() && json::text_of(entry->name) == "env")
      entry->name.SetString(rapidjson::StringRef("secret"));
    else
      put_handles(entry->value);
  }
}

std::string text_or_json(const TreeValue& value) {
  return value.IsString() ? std::string(json::text_of(value)) : json::to_text(value);
}

class ScenarioReader {
 public:
  ScenarioReader(const TreeValue* root, const connector::Manifest& manifest) : root_(root), manifest_(manifest) {}

  Result<Scenario> read() {
    refuse_unknown();
    if (const TreeValue* config = take("config")) scenario_.config = json::to_text(*config);
    read_texts("secrets", scenario_.secrets);
    read_texts("files", scenario_.files);
    read_texts("folders", scenario_.folders);
    each("upstream", [&](const TreeValue& each) { read_exchange(each); });
    check_config();
    each("lookup", [&](const TreeValue& each) { read_lookup(each); });
    each("authenticate",
         [&](const TreeValue& each) { scenario_.proofs.push_back({.credential = text_or_json(each)}); });
    read_subject();
    if (scenario_.lookups.empty()) make_up_lookups();
    if (scenario_.proofs.empty() && manifest_.authenticate) scenario_.proofs.emplace_back();
    if (!fault_.empty()) return fail(Code::malformed, fault_);
    return std::move(scenario_);
  }

 private:
  void fault(const std::string& what) {
    if (fault_.empty()) fault_ = what;
  }

  const TreeValue* take(const char* key) const { return root_ == nullptr ? nullptr : json::member(*root_, key); }

  void refuse_unknown() {
    if (root_ == nullptr) return;
    if (!root_->IsObject()) return fault("must be an object: {\"config\": …, \"lookup\": […]}");
    for (const auto& entry : root_->GetObject()) {
      const auto key = json::text_of(entry.name);
      if (key != "config" && key != "secrets" && key != "files" && key != "folders" && key != "upstream" &&
          key != "lookup" && key != "authenticate" && key != "subject")
        fault("/" + std::string(key) +
              ": unknown; it knows config, secrets, files, folders, upstream, lookup, authenticate, subject");
    }
  }

  template <class F>
  void each(const char* key, F&& f) {
    const TreeValue* list = take(key);
    if (list == nullptr) return;
    if (!list->IsArray()) return fault("/" + std::string(key) + ": must be a list");
    for (const TreeValue& entry : list->GetArray()) {
      if (!entry.IsObject()) return fault("/" + std::string(key) + ": must be a list of objects");
      f(entry);
    }
  }

  void read_texts(const char* key, std::map<std::string, std::string>& texts) {
    const TreeValue* object = take(key);
    if (object == nullptr) return;
    if (!object->IsObject()) return fault("/" + std::string(key) + ": must be an object");
    for (const auto& entry : object->GetObject())
      texts[std::string(json::text_of(entry.name))] = text_or_json(entry.value);
  }

  void read_exchange(const TreeValue& value) {
    Exchange exchange;
    if (const TreeValue* url = json::member(value, "url")) exchange.url = json::text_of(*url);
    if (const TreeValue* method = json::member(value, "method")) exchange.method = json::text_of(*method);
    if (const TreeValue* sent = json::member(value, "sent")) exchange.sent = text_or_json(*sent);
    if (const TreeValue* status = json::member(value, "status"); status != nullptr && status->IsInt())
      exchange.answer.status = status->GetInt();
    exchange.answer.headers = {{"content-type", "application/json"}};
    if (const TreeValue* headers = json::member(value, "headers"); headers != nullptr && headers->IsObject()) {
      exchange.answer.headers.clear();
      for (const auto& entry : headers->GetObject())
        exchange.answer.headers.push_back({std::string(json::text_of(entry.name)), text_or_json(entry.value)});
    }
    if (const TreeValue* body = json::member(value, "body")) exchange.answer.body = text_or_json(*body);
    scenario_.upstream.push_back(std::move(exchange));
  }

  void check_config() {
    const auto config = json::read_document(scenario_.config, false);
    for (const auto& each : manifest_.config_schema->check(config.tree))
      fault("/config" + each.pointer + ": " + each.message);
    std::vector<json::Fault> faults;
    if (manifest_.sections_pointer) {
      if (const TreeValue* sections = json::at_pointer(config.tree, *manifest_.sections_pointer))
        scenario_.sections = connector::read_section_specs(*sections, "/config", manifest_.name, faults);
    } else {
      const auto sections = json::read_document(manifest_.sections_text, false);
      scenario_.sections = connector::read_section_specs(sections.tree, "/sections", manifest_.name, faults);
    }
    for (const auto& each : faults) fault(each.pointer + ": " + each.message);
    scenario_.written = scenario_.config;
    auto handed = json::copy_of(config.tree);
    put_handles(handed);
    scenario_.config = json::to_text(handed);
  }

  void read_lookup(const TreeValue& value) {
    Question question;
    const TreeValue* section = json::member(value, "section");
    if (section == nullptr) return fault("/lookup: each names its \"section\"");
    question.section = json::text_of(*section);
    if (const TreeValue* known = json::member(value, "identifiers"); known != nullptr && known->IsObject())
      for (const auto& entry : known->GetObject())
        question.identifiers.push_back({std::string(json::text_of(entry.name)), text_or_json(entry.value), true, {}});
    if (const TreeValue* params = json::member(value, "params")) question.params = json::to_text(*params);
    read_inputs(value, question);
    scenario_.lookups.push_back(std::move(question));
    scenario_.expected.push_back(read_expected(json::member(value, "gives")));
  }

  Expected read_expected(const TreeValue* gives) {
    if (gives == nullptr) return {};
    const TreeValue* status = json::member(*gives, "status");
    const TreeValue* data = json::member(*gives, "data");
    if (status == nullptr || !status->IsString()) fault("/lookup: what one gives has a \"status\", such as \"ok\"");
    return {status ? std::string(json::text_of(*status)) : "", data ? json::to_text(*data) : ""};
  }

  // As a hub would hand them over, with nothing required left out: held against their shapes, which cut out the rest.
  void read_inputs(const TreeValue& value, Question& question) {
    const auto spec = std::find_if(scenario_.sections.begin(), scenario_.sections.end(),
                                   [&](const auto& each) { return each.name == question.section; });
    const std::string at = "/lookup: \"" + question.section + "\": ";
    const TreeValue* given = json::member(value, "inputs");
    if (spec == scenario_.sections.end() || !spec->is_derived()) {
      if (given != nullptr) fault(at + "it is not computed from others, so take \"inputs\" away");
      return;
    }
    if (given == nullptr || !given->IsObject())
      return fault(at + "it is computed from others: say what they are, \"inputs\": {\"" + spec->from.front().name +
                   "\": {…}}");
    for (const auto& entry : given->GetObject())
      if (std::none_of(spec->from.begin(), spec->from.end(),
                       [&](const auto& input) { return input.name == json::text_of(entry.name); }))
        fault(at + "it has no input \"" + std::string(json::text_of(entry.name)) + "\"");
    for (const auto& input : spec->from) {
      if (const TreeValue* data = json::member(*given, input.name.c_str()))
        add_input(input, json::to_text(*data), at, question);
      else if (!input.optional)
        fault(at + "its input \"" + input.name + "\" is required: give it under \"inputs\"");
    }
  }

  void add_input(const connector::InputSpec& input, std::string data, const std::string& at, Question& question) {
    const auto shapes = connector::published_shapes();
    const auto shape = shapes.find(input.shape);
    json::Reader reader;
    const auto value = reader.read(data);
    if (!value || !value->is_object()) return fault(at + "its input \"" + input.name + "\" must be an object");
    if (shape != shapes.end()) {
      auto checked = shape->second->check(*value);
      if (!checked) return fault(at + "its input \"" + input.name + "\": " + checked.error().message);
      if (!checked->whole) data = std::move(checked->cut);
    }
    question.inputs.push_back({input.name, std::move(data), {}, false});
  }

  void read_subject() {
    if (const TreeValue* known = take("subject"); known != nullptr && known->IsObject())
      for (const auto& entry : known->GetObject())
        scenario_.subject.push_back({std::string(json::text_of(entry.name)), text_or_json(entry.value), true, {}});
    if (!scenario_.subject.empty()) return;
    std::vector<json::Fault> none;
    const auto needs = json::read_document(manifest_.subject_needs_text, false);
    for (const auto& group : connector::read_needs(needs.tree, "/subject/needs", manifest_.name, none))
      scenario_.subject.push_back({group.front().type, made_up(group.front().type), true, {}});
  }

  void make_up_lookups() {
    for (const auto& section : scenario_.sections) {
      Question question{.section = section.name};
      for (const auto& group : section.needs)
        question.identifiers.push_back({group.front().type, made_up(group.front().type), true, {}});
      for (const auto& input : section.from)
        add_input(input, least_of(input.shape), "/sections: \"" + section.name + "\": ", question);
      scenario_.lookups.push_back(std::move(question));
      scenario_.expected.emplace_back();
    }
  }

  const TreeValue* root_;
  const connector::Manifest& manifest_;
  Scenario scenario_;
  std::string fault_;
};

bool same_url(std::string_view one, std::string_view other) { // writers of URLs differ in what they escape
  const auto plain = form_unescaped(one);
  return one == other || (plain && plain == form_unescaped(other));
}

} // namespace

bool same_body(std::string_view one, std::string_view other) {
  if (one == other) return true;
  const auto left = json::read_document(one, false), right = json::read_document(other, false);
  return left.faults.empty() && right.faults.empty() && left.tree == right.tree;
}

std::string grant_of(std::string_view url) {
  const auto end = url.find("://");
  if (end == std::string_view::npos) return std::string(url);
  const auto host = url.substr(end + 3);
  return std::string(url.substr(0, end + 1)) + std::string(host.substr(0, host.find_first_of("/?#")));
}

const Scripted* answer_to(const Sent& sent, const std::vector<Exchange>& upstream) {
  const auto fits = [&](const Exchange& each) {
    return (each.method.empty() || each.method == sent.method) && (!each.sent || same_body(*each.sent, sent.body));
  };
  for (const auto& each : upstream)
    if (same_url(sent.url, each.url) && fits(each)) return &each.answer;
  for (const auto& each : upstream)
    if (sent.url.starts_with(each.url) && fits(each)) return &each.answer;
  return nullptr;
}

std::int32_t operation_for(const Scenario& scenario, const Question& lookup) {
  const bool derived = std::any_of(scenario.sections.begin(), scenario.sections.end(), [&](const auto& section) {
    return section.name == lookup.section && section.is_derived();
  });
  return derived ? PLUGBOARD_DERIVE : PLUGBOARD_LOOKUP;
}

Result<Scenario> read_scenario(std::string_view text, const connector::Manifest& manifest) {
  if (text.empty()) return ScenarioReader(nullptr, manifest).read();
  const auto document = json::read_document(text, false);
  if (!document.faults.empty())
    return fail(Code::malformed, document.faults.front().pointer + " " + document.faults.front().message);
  return ScenarioReader(&document.tree, manifest).read();
}

} // namespace plugboard::conformance
