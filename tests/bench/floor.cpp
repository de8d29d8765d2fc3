// The floor: what a context costs a program that does nothing but the I/O. It checks the key, finds session and
// sections in the body without reading JSON, asks each system over pooled connections, splices what they answer.
// bench_floor CONFIG: {"key": …, "sessions": {TOKEN: CUSTOMER}, "systems": {NAME: PORT}}; prints its port.
#include "tests/bench/wire.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdio>
#include <exception>
#include <unordered_map>

namespace plugboard::bench {
namespace {

class Agent;

// What every section asks of a system, and of which.
struct System {
  int port = 0;
  std::string target; // up to the customer
  std::vector<class Line*> idle;
};

struct Floor {
  Loop loop;
  std::string authorization;
  std::unordered_map<std::string, std::string> sessions;
  std::unordered_map<std::string, System> systems; // by section
};

class Line final : public Wire { // to a system
 public:
  Line(Floor& floor, System& system) : Wire(floor.loop, connected(system.port)), system_(system) {}

  void ask(std::string_view customer, Agent& agent, std::size_t place) {
    agent_ = &agent;
    place_ = place;
    std::string bytes = "GET ";
    send(bytes.append(system_.target).append(customer).append(" HTTP/1.1\r\nHost: system\r\n\r\n"));
  }

 private:
  void message(const Message& message) override;

  void ended() override { throw std::runtime_error("a system closed its connection"); }

  System& system_;
  Agent* agent_ = nullptr;
  std::size_t place_ = 0;
};

class Agent final : public Wire {
 public:
  Agent(Floor& floor, test::Descriptor socket) : Wire(floor.loop, std::move(socket)), floor_(floor) {}

  void arrived(std::size_t place, const Message& answer) {
    sections_[place].status = answer.status();
    sections_[place].data = answer.body;
    if (--awaited_ == 0) respond();
  }

 private:
  struct Section {
    std::string_view name; // of floor_.systems
    int status = 0;
    std::string data;
  };

  void message(const Message& request) override {
    const auto session = floor_.sessions.find(std::string(after(request.body, "\"session\": \"", "\"")));
    if (field(request.head, "authorization") != floor_.authorization || session == floor_.sessions.end())
      return send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    sections_.clear();
    const auto names = after(request.body, "\"sections\": [", "]");
    for (auto at = names.find('"'); at != names.npos;) {
      const auto end = names.find('"', at + 1);
      if (const auto found = floor_.systems.find(std::string(names.substr(at + 1, end - at - 1)));
          found != floor_.systems.end())
        sections_.push_back({found->first, 0, {}});
      at = names.find('"', end + 1);
    }
    awaited_ = sections_.size();
    for (std::size_t i = 0; i < sections_.size(); ++i) line_to(sections_[i].name).ask(session->second, *this, i);
  }

  Line& line_to(std::string_view section) {
    auto& system = floor_.systems.find(std::string(section))->second;
    if (!system.idle.empty()) {
      auto& line = *system.idle.back();
      system.idle.pop_back();
      return line;
    }
    auto line = std::make_unique<Line>(floor_, system);
    auto& made = *line;
    floor_.loop.add(std::move(line));
    return made;
  }

  void respond() {
    std::string body = "{\"sections\":{";
    for (const auto& section : sections_) {
      if (body.back() == '}') body += ',';
      body.append("\"").append(section.name).append("\":{\"status\":\"").append(section.status == 200 ? "ok" : "error");
      body.append("\",\"data\":").append(section.data).append("}");
    }
    if (left_) return loop_.release(*this);
    send(json_answer(body.append("}}")));
  }

  void ended() override {
    left_ = true;
    if (awaited_ == 0) return loop_.release(*this);
    loop_.listen_for(*this, 0);
  }

  Floor& floor_;
  std::vector<Section> sections_;
  std::size_t awaited_ = 0;
  bool left_ = false;
};

void Line::message(const Message& message) {
  system_.idle.push_back(this);
  std::exchange(agent_, nullptr)->arrived(place_, message);
}

class Door final : public Watcher {
 public:
  Door(Floor& floor, test::Descriptor socket) : Watcher(std::move(socket)), floor_(floor) {}

 private:
  void ready(std::uint32_t) override {
    for (auto socket = accepted(fd()); socket.get() >= 0; socket = accepted(fd()))
      floor_.loop.add(std::make_unique<Agent>(floor_, std::move(socket)));
  }

  Floor& floor_;
};

void serve(const char* file) {
  const auto config = test::Json::parse(test::read_text(file));
  Floor floor;
  floor.authorization = "Bearer " + config.text("/key");
  for (const auto& token : config.names("/sessions")) floor.sessions[token] = config.text("/sessions/" + token);
  for (const auto& name : config.names("/systems"))
    floor.systems[name + ".orders"] = {
        static_cast<int>(config.integer("/systems/" + name)), "/" + name + "/orders?customer=", {}};
  int port = 0;
  floor.loop.add(std::make_unique<Door>(floor, listening(port)));
  std::printf("%d\n", port);
  std::fflush(stdout);
  for (;;) floor.loop.turn(std::chrono::hours(1));
}

} // namespace
} // namespace plugboard::bench

int main(int argc, char** argv) {
  try {
    if (argc == 2) plugboard::bench::serve(argv[1]);
    std::fprintf(stderr, "usage: bench_floor CONFIG\n");
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_floor: %s\n", error.what());
    return 1;
  }
}
