#include "core/base/url_text.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/listing.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace plugboard::cli {

namespace {

// What the daemon beside this program makes of a configuration that no hub runs on.
Result<Reply> daemons_word(const std::string& config, const std::string& option, const std::string& value) {
  std::error_code ignored;
  const auto daemon = (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "plugboardd").string();
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return fail(Code::unavailable, "no pipe could be had");
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::execl(daemon.c_str(), daemon.c_str(), "--config", config.c_str(), option.c_str(), value.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  std::string body;
  std::array<char, 4096> bytes{};
  for (ssize_t got = 0; (got = ::read(pipe[0], bytes.data(), bytes.size())) > 0;)
    body.append(bytes.data(), static_cast<std::size_t>(got));
  ::close(pipe[0]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || WEXITSTATUS(status) == 127)
    return fail(Code::unavailable, daemon + " could not be run; it must lie beside plugboard");
  if (WEXITSTATUS(status) != 0)
    return fail(Code::invalid_argument, body.empty() ? "the configuration is refused" : body);
  if (body.ends_with('\n')) body.pop_back(); // the line's end is not the answer's
  return Reply{200, std::move(body)};
}

std::string needs_of(json::Value needs) {
  if (!needs) return "";
  const auto age = needs["max_age_s"].integer();
  return text_of(needs["assurance"]) + (age ? " within " + std::to_string(*age) + " s" : "");
}

void show_explained(Scene& scene, json::Value page) {
  scene.out << scene.terminal.paint(Colour::bold, text_of(page["section"])) << " for " << text_of(page["client"])
            << " (" << text_of(page["channel"]) << ", " << text_of(page["purpose"]) << ") at "
            << text_of(page["assurance"]) << ": " << text_of(page["verdict"]);
  if (page["challenge"]) scene.out << ", needs " << needs_of(page["challenge"]);
  scene.out << "\n";
  if (page["client_may_name_it"].boolean() == false) scene.out << "  the client's own sections do not cover it\n";
  if (page["has_policy"].boolean() == false)
    scene.out << "  the configuration has no policy: clients see their sections whole\n";
  page["rules"].each_element([&](json::Value rule) {
    scene.out << "  " << text_of(rule["rule"])
              << (rule["applies"].boolean() == true ? "  applies, needs " + needs_of(rule["needs"])
                                                    : "  is for " + text_of(rule["because"]))
              << "\n";
  });
  page["fields"].each_element([&](json::Value field) {
    const auto name = text_of(field["field"]), mask = text_of(field["mask"]);
    scene.out << "  " << (name.empty() ? "(all)" : harmless(name)) << "  "
              << (mask.empty() ? text_of(field["fate"]) : mask);
    if (field["fate"].string() == "step_up_required") scene.out << ", needs " << needs_of(field["needs"]);
    scene.out << "\n";
  });
}

} // namespace

int policy_explain(Scene& scene, const PolicyWords& words) {
  const std::vector<std::pair<std::string, std::string>> said{
      {"client", words.client},   {"section", words.section},     {"tenant", words.tenant},
      {"purpose", words.purpose}, {"assurance", words.assurance}, {"age_s", std::to_string(words.age_s)}};
  std::string query, question;
  {
    json::Writer writer(question);
    writer.begin_object();
    for (const auto& [name, value] : said) {
      if (value.empty()) continue;
      writer.member(name, value);
      query += (query.empty() ? "?" : "&") + name + "=" + url_escaped(value);
    }
    writer.end_object();
  }
  const auto reply = words.config.empty() ? scene.ask.admin("GET", "/admin/v1/policy/explain" + query)
                                          : daemons_word(words.config, "--policy-explain", question);
  if (!reply || reply->status != 200) return refused(scene, reply);
  if (scene.json) {
    scene.out << reply->body << "\n";
    return 0;
  }
  json::Reader reader;
  const auto page = reader.read(reply->body);
  if (!page) return refused(scene, page.error());
  show_explained(scene, *page);
  return 0;
}

int policy_test(Scene& scene, const PolicyWords& words) {
  const auto table = text_from("@" + words.table);
  if (!table) return refused(scene, table.error());
  const auto reply = words.config.empty() ? scene.ask.admin("POST", "/admin/v1/policy/test", *table)
                                          : daemons_word(words.config, "--policy-test", words.table);
  if (!reply || reply->status != 200) return refused(scene, reply);
  json::Reader reader;
  const auto page = reader.read(reply->body);
  if (!page) return refused(scene, page.error());
  const auto failed = (*page)["failed"].integer().value_or(1);
  if (scene.json) {
    scene.out << reply->body << "\n";
    return failed == 0 ? 0 : 1;
  }
  (*page)["failures"].each_element([&](json::Value failure) {
    scene.out << text_of(failure["expectation"]) << ": " << harmless(text_of(failure["of"])) << " is "
              << text_of(failure["is"]) << ", expected " << harmless(text_of(failure["expected"])) << "\n";
  });
  scene.out << (*page)["expectations"].integer().value_or(0) << " expectations, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}

} // namespace plugboard::cli
