#include "core/cli/commands.hpp"
#include "core/cli/context_view.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

namespace plugboard::cli {

namespace {

std::string token_body(const std::string& session) {
  std::string body;
  json::Writer(body).begin_object().member("session", session).end_object();
  return body;
}

int show_session(Scene& scene, const std::string& body) {
  json::Reader reader;
  auto session = reader.read(body);
  if (!session) return refused(scene, session.error());
  const bool dead = !(*session)["active"].boolean().value_or(true);
  if (scene.json) {
    scene.out << body << "\n";
    return dead ? 1 : 0;
  }
  if (dead) {
    scene.err << "plugboard: no such session for this client: unknown, expired or revoked\n";
    return 1;
  }
  scene.out << view_customer((*session)["customer"], scene.terminal);
  scene.out << "  " << (*session)["assurance"].string().value_or("") << " by";
  (*session)["methods"].each_element(
      [&](json::Value method) { scene.out << " " << harmless(method.string().value_or("")); });
  scene.out << ", authenticated " << (*session)["authenticated_at"].string().value_or("") << ", expires "
            << (*session)["expires_at"].string().value_or("") << "\n";
  if (auto token = (*session)["session"].string())
    scene.out << "session " << *token << "\nNext: export PLUGBOARD_SESSION=" << *token << "; plugboard context get\n";
  return 0;
}

} // namespace

Result<std::string> text_from(const std::string& word) {
  if (word == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  if (!word.starts_with("@")) return word;
  std::ifstream file(word.substr(1), std::ios::binary);
  if (!file) return fail(Code::io, "cannot read " + word.substr(1));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int refused(Scene& scene, const Result<Reply>& reply) {
  if (!reply) {
    scene.err << "plugboard: " << reply.error().message << "\n";
    return 1;
  }
  json::Reader reader;
  auto problem = reader.read(reply->body);
  if (scene.json && problem) {
    scene.out << reply->body << "\n";
    return 1;
  }
  scene.err << "plugboard: ";
  if (problem && (*problem)["title"]) {
    scene.err << harmless((*problem)["title"].string().value_or(""));
    if (auto detail = (*problem)["detail"].string()) scene.err << ": " << harmless(*detail);
    if (reply->status == 401 && scene.ask.places().key.empty()) scene.err << " Set PLUGBOARD_KEY.";
  } else {
    scene.err << "the hub answered " << reply->status;
  }
  scene.err << "\n";
  return 1;
}

int session_start(Scene& scene, const std::string& connector, const std::string& credential) {
  auto text = text_from(credential);
  if (!text) return refused(scene, text.error());
  json::Reader reader;
  auto parsed = reader.read(*text);
  if (!parsed || !parsed->is_object()) {
    scene.err << "plugboard: the credential must be a JSON object, such as {\"token\": \"…\"}\n";
    return 2;
  }
  std::string body;
  json::Writer(body)
      .begin_object()
      .member("connector", connector)
      .key("credential")
      .raw(json::to_text(*parsed))
      .end_object();
  auto reply = scene.ask.agent("POST", "/v1/sessions", std::move(body));
  return reply && reply->status == 201 ? show_session(scene, reply->body) : refused(scene, reply);
}

int session_show(Scene& scene, const std::string& session) {
  auto reply = scene.ask.agent("POST", "/v1/sessions/introspect", token_body(session));
  return reply && reply->status == 200 ? show_session(scene, reply->body) : refused(scene, reply);
}

int session_revoke(Scene& scene, const std::string& session) {
  auto reply = scene.ask.agent("POST", "/v1/sessions/revoke", token_body(session));
  if (!reply || reply->status != 204) return refused(scene, reply);
  if (scene.json)
    scene.out << "{\"revoked\":true}\n";
  else
    scene.out << "revoked: dead on every channel from now on\n";
  return 0;
}

} // namespace plugboard::cli
