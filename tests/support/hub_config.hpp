// A hub's configuration as a newcomer would write it, in parts that tests change. Values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

// Keys of the clients that every test hub knows; they come to it as environment variables DESK_KEY and so on.
inline constexpr const char* kDesk = "desk-key-0123456789abcdef";   // everything
inline constexpr const char* kBot = "bot-key-0123456789abcdef";     // everything, but of sections only canary.*
inline constexpr const char* kLobby = "lobby-key-0123456789abcdef"; // may create sessions, nothing else
// Admins over TCP, where a test lets them: see with_admins().
inline constexpr const char* kViewer = "viewer-key-0123456789abcdef0123456789";
inline constexpr const char* kOperator = "operator-key-0123456789abcdef0123456789";
inline constexpr const char* kAdmin = "admin-key-0123456789abcdef0123456789";
inline constexpr const char* kElsewhere =
    "elsewhere-key-0123456789abcdef0123456789";                                // an admin of the tenant "elsewhere"
inline constexpr const char* kChatKey = "the chat widget's own key: 32 bytes"; // signs customers' tokens

struct HubConfig {
  std::vector<std::pair<std::string, std::string>> connectors; // besides "login"; name to its JSON
  std::string login;                                           // JSON; filled in with the chat widget's
  std::string clients;                                         // JSON array; filled in with desk, bot and lobby
  std::string plugins_dir;
  int threads = 2;    // so that requests of one customer meet on different ones
  std::string agents; // further members of "agents": ", \"tls\": {…}"
  std::string admin;  // further members of "admin": ", \"listen\": …"
  std::string more;   // further members: "\"drain_ms\": 100,"
  std::map<std::string, std::string> environment;

  HubConfig();
  HubConfig& add(std::string name, std::string connector);
  // further: keys, with a comma before.
  HubConfig& with_admins(const std::string& further = "");
  std::string text() const;
};

// {"plugin": "rest", …} that may ask http://127.0.0.1:PORT. sections: JSON object. more: further members with a comma.
std::string rest_connector(int port, std::string_view sections, std::string_view more = "");
// A section that passes on what GET path?customer={customer_id} answers: {"shape": "record/v1", …}.
std::string rest_section(std::string_view path, std::string_view more = "");
std::string sqlite_connector(std::string_view file, std::string_view sections, std::string_view more = "");

} // namespace plugboard::test
