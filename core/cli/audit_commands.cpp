// audit list, verify, accesses.
#include "core/audit/hexadecimal.hpp"
#include "core/audit/verify_folder.hpp"
#include "core/base/url_text.hpp"
#include "core/cli/accesses.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/listing.hpp"
#include "core/json/writer.hpp"

#include <functional>
#include <set>

namespace plugboard::cli {

namespace {

std::string path_of(const AuditWords& words, const std::string& after, int most) {
  std::string path = "/admin/v1/audit?most=" + std::to_string(most);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) path += std::string("&") + name + "=" + url_escaped(value);
  };
  add("tenant", words.tenant);
  add("customer", words.customer);
  add("client", words.client);
  add("kind", words.kind);
  add("from", words.from);
  add("to", words.to);
  add("after", after);
  return path;
}

// Page after page; take returns false when it has enough. The process's exit code.
int each_record(Scene& scene, const AuditWords& words, int most, const std::function<bool(json::Value)>& take) {
  json::Reader reader({.bytes = std::size_t{64} << 20, .depth = 64, .members = 10'000'000});
  std::string after;
  bool goes_on = true;
  do {
    const auto reply = scene.ask.admin("GET", path_of(words, after, most));
    if (!reply || reply->status != 200) return refused(scene, reply);
    const auto page = reader.read(reply->body);
    if (!page) return refused(scene, page.error());
    (*page)["records"].each_element([&](json::Value record) { goes_on = goes_on && take(record); });
    after = (*page)["next"].string().value_or("");
  } while (goes_on && !after.empty());
  return 0;
}

std::string summary_of(json::Value record) {
  std::string text = text_of(record["action"]);
  const auto add = [&](const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : " ") + more;
  };
  add(text_of(record["result"]));
  add(text_of(record["why"]));
  add(text_of(record["target"]));
  if (record["sections"].is_object())
    record["sections"].each_member([&](std::string_view name, json::Value) { add(harmless(name)); });
  else
    record["sections"].each_element([&](json::Value name) { add(text_of(name)); });
  return text;
}

int told(Scene& scene, const audit::Verified& seen) {
  if (scene.json) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().member("holds", seen.fault.empty());
    if (!seen.fault.empty()) writer.member("fault", seen.fault);
    writer.member("segments", static_cast<std::size_t>(seen.segments));
    writer.member("records", static_cast<std::size_t>(seen.records));
    writer.member("checkpoints", static_cast<std::size_t>(seen.checkpoints));
    writer.key("signed_by").begin_array();
    for (const auto& key : seen.signed_by) writer.value(key);
    writer.end_array().end_object();
    scene.out << body << "\n";
    return seen.fault.empty() ? 0 : 1;
  }
  if (!seen.fault.empty()) {
    scene.err << "plugboard: the audit trail does not hold: " << harmless(seen.fault) << "\n";
    return 1;
  }
  scene.out << "the audit trail holds: " << seen.records << " records in " << seen.segments << " files, "
            << seen.checkpoints << " signed checkpoints\n";
  for (const auto& key : seen.signed_by) scene.out << "signed by " << key << "\n";
  if (seen.unsigned_records > 0)
    scene.out << seen.unsigned_records << " records at the end are not signed yet: the hub runs, or was killed\n";
  if (seen.torn > 0)
    scene.out << "the last " << seen.torn
              << " bytes are no whole record: a hub was killed; its next start mends that\n";
  return 0;
}

int verify_files(Scene& scene, const std::string& path, const std::vector<std::string>& public_keys) {
  audit::Verifier::PublicKeys trusted;
  for (const auto& key : public_keys) {
    const auto raw = audit::from_hex(key);
    if (!raw || raw->size() != 32) {
      scene.err << "plugboard: --public-key must be 64 hexadecimal digits, as the hub's log says under audit.ready\n";
      return 2;
    }
    trusted.insert(*raw);
  }
  auto folder = audit::look_into_folder(path);
  if (!folder) return refused(scene, folder.error());
  const auto seen = audit::verify_folder(**folder, trusted);
  if (!seen) return refused(scene, seen.error());
  const int code = told(scene, *seen);
  if (code == 0 && trusted.empty() && !scene.json)
    scene.out << "no --public-key was given: this shows that the files agree, not who wrote them\n";
  return code;
}

std::string linked(json::Value from) {
  return text_of(from["seq"]) + " " + text_of(from["hash"]);
}

} // namespace

int audit_list(Scene& scene, const AuditWords& words) {
  std::vector<std::vector<std::string>> rows;
  int left = words.most;
  std::string separator = "{\"records\":[";
  const int code = each_record(scene, words, std::min(words.most, 1000), [&](json::Value record) {
    if (scene.json) {
      scene.out << std::exchange(separator, ",") << json::to_text(record);
    } else {
      const auto by = text_of(record["client"]) + text_of(record["by"]);
      rows.push_back({text_of(record["time"]), text_of(record["kind"]), by, text_of(record["customer"]),
                      text_of(record["purpose"]), summary_of(record)});
    }
    return --left > 0;
  });
  if (code != 0) return code;
  if (scene.json) {
    scene.out << (separator == "," ? "]}\n" : separator + "]}\n");
  } else {
    scene.out << table({"time", "kind", "by", "customer", "purpose", "what"}, rows, scene.terminal);
  }
  return 0;
}

int audit_accesses(Scene& scene, const AuditWords& words) {
  Accesses accesses;
  const int code = each_record(scene, words, 1000, [&](json::Value record) {
    accesses.take(record);
    return true;
  });
  if (code != 0) return code;
  if (scene.json)
    scene.out << accesses.as_json(words.customer) << "\n";
  else
    scene.out << accesses.as_text(words.customer, scene.terminal);
  return 0;
}

int audit_verify(Scene& scene, const std::string& folder, const std::vector<std::string>& public_keys) {
  if (!folder.empty()) return verify_files(scene, folder, public_keys);
  audit::Verified seen;
  std::set<std::string> keys;
  std::string segment, end;
  do {
    const auto reply =
        scene.ask.admin("GET", "/admin/v1/audit/verify" + (segment.empty() ? "" : "?segment=" + segment));
    if (!reply || reply->status != 200) return refused(scene, reply);
    json::Reader reader;
    const auto verdict = reader.read(reply->body);
    if (!verdict) return refused(scene, verdict.error());
    if (end.empty()) end = linked((*verdict)["head_before"]);
    seen.fault = (*verdict)["fault"].string().value_or("");
    if (seen.fault.empty() && linked((*verdict)["before"]) != end)
      seen.fault = "what follows on record " + end.substr(0, end.find(' ')) + " is another record: some are missing";
    end = linked((*verdict)["end"]);
    segment = (*verdict)["next"].string().value_or("");
    ++seen.segments;
    seen.records += static_cast<std::uint64_t>((*verdict)["records"].integer().value_or(0));
    seen.checkpoints += static_cast<std::uint64_t>((*verdict)["checkpoints"].integer().value_or(0));
    (*verdict)["signed_by"].each_element([&](json::Value key) { keys.insert(text_of(key)); });
    if (segment.empty() && seen.fault.empty() &&
        (*verdict)["end"]["seq"].integer().value_or(0) < (*verdict)["head_end"]["seq"].integer().value_or(0))
      seen.fault = "records at the end are missing";
  } while (seen.fault.empty() && !segment.empty());
  seen.signed_by.assign(keys.begin(), keys.end());
  return told(scene, seen);
}

} // namespace plugboard::cli
