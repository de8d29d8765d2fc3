#include "core/cli/connector_view.hpp"

#include "core/cli/listing.hpp"

#include <cstdio>

namespace plugboard::cli {
namespace {

std::int64_t number(json::Value value) {
  return value.integer().value_or(0);
}

std::size_t length(json::Value array) {
  std::size_t length = 0;
  array.each_element([&](json::Value) { ++length; });
  return length;
}

std::string mebibytes(std::int64_t bytes) {
  return std::to_string((bytes + (1 << 19)) >> 20) + " MiB";
}

std::string seconds(json::Value milliseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", milliseconds.number().value_or(0) / 1000);
  return text;
}

std::string age(json::Value at, WallTime now) {
  const auto then = parse_rfc3339(at.string().value_or(""));
  if (!then) return text_of(at);
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(now - *then).count();
  if (s < 120) return std::to_string(s < 0 ? 0 : s) + " s ago";
  if (s < 2 * 3600) return std::to_string(s / 60) + " min ago";
  return s < 48 * 3600 ? std::to_string(s / 3600) + " h ago" : std::to_string(s / 86400) + " days ago";
}

std::int64_t restarts(json::Value worker) {
  const auto starts = number(worker["starts"]);
  return starts > 0 ? starts - 1 : 0;
}

std::string isolation(json::Value connector) {
  const auto asked = text_of(connector["isolation"]);
  const auto worker = connector["worker"];
  if (!worker) return asked + "!";
  const auto layers = worker["layers"];
  const auto present = length(layers["present"]), all = present + length(layers["missing"]);
  return all == 0 ? asked : asked + " " + std::to_string(present) + "/" + std::to_string(all);
}

std::string state(json::Value connector) {
  const auto worker = connector["worker"];
  const auto runs = text_of(worker && connector["state"].string() == "ready" ? worker["state"] : connector["state"]);
  return connector["health"]["state"].string() == "unhealthy" ? runs + ", unhealthy" : runs;
}

std::int64_t open_breakers(json::Value connector) {
  std::int64_t open = 0;
  connector["breakers"].each_element([&](json::Value breaker) { open += breaker["state"].string() == "open" ? 1 : 0; });
  return open;
}

// "closed"; "OPEN"; "open for 2 of 5 tenants".
std::string breaker(json::Value connector) {
  const auto open = open_breakers(connector);
  const auto all = static_cast<std::int64_t>(length(connector["breakers"]));
  if (open == 0) return "closed";
  return open == all ? "OPEN" : "open for " + std::to_string(open) + " of " + std::to_string(all) + " tenants";
}

std::string at_once(json::Value connector) {
  const auto limit = connector["concurrency"];
  return text_of(limit["running"]) + " of " + text_of(limit["limit"]);
}

class View {
 public:
  View(const Terminal& terminal, WallTime now) : terminal_(terminal), now_(now) {}

  std::string of(json::Value c) {
    text_ += terminal_.paint(Colour::bold, text_of(c["name"])) + "  " + text_of(c["plugin"]) + " " +
             text_of(c["version"]) + ", " + state(c) + "\n";
    if (const auto banner = text_of(c["banner"]); !banner.empty())
      text_ += "  " + terminal_.paint(Colour::yellow, banner) + "\n";
    of_health(c["health"]);
    line("isolation", isolation(c));
    if (const auto worker = c["worker"]) of_worker(worker);
    line("calls", text_of(c["calls"]) + ", " + text_of(c["failures"]) + " failures, " + text_of(c["in_flight"]) +
                      " in flight, " + text_of(c["waiting"]) + " waiting, " + text_of(c["protocol_violations"]) +
                      " that broke the contract");
    of_system(c);
    line("sections", joined(c["sections"]));
    line("identifiers", joined(c["identifiers"]));
    line("build-id", text_of(c["build_id"]));
    return std::move(text_);
  }

 private:
  void line(std::string_view name, const std::string& what) {
    if (!what.empty()) text_ += "  " + terminal_.paint(Colour::dim, padded(name, 12)) + what + "\n";
  }

  // By its own word, if it has one.
  void of_health(json::Value health) {
    const auto state = text_of(health["state"]);
    if (state == "healthy") line("health", "well, asked " + age(health["asked_at"], now_));
    if (state == "unhealthy")
      line("health",
           terminal_.paint(Colour::yellow, text_of(health["message"])) + ", since " + age(health["since"], now_));
  }

  // How the hub treats the system behind it.
  void of_system(json::Value c) {
    line("breaker", open_breakers(c) == 0 ? breaker(c) : terminal_.paint(Colour::yellow, breaker(c)));
    c["breakers"].each_element([&](json::Value one) {
      if (one["state"].string() == "open")
        line("", text_of(one["tenant"]) + ": left alone for " + seconds(one["open_for_ms"]) + ", tried again in " +
                     seconds(one["probe_in_ms"]) + ", opened " + text_of(one["opened"]) + " times");
    });
    const auto limit = c["concurrency"], refused = c["refused"], retries = c["retries"], hedges = c["hedges"];
    line("at once",
         at_once(c) + " calls, " + text_of(limit["most"]) + " at most, " + text_of(limit["waiting"]) + " waiting");
    line("not tried", text_of(refused["breaker_open"]) + " by the breaker, " + text_of(refused["overloaded"]) +
                          " since too many waited");
    line("repeated", text_of(retries["made"]) + " after a failure (" + text_of(retries["without_budget"]) +
                         " more had no budget), " + text_of(hedges["made"]) + " beside a slow one (" +
                         text_of(hedges["answered"]) + " answered first)");
  }

  void of_worker(json::Value worker) {
    worker["layers"]["present"].each_element([&](json::Value layer) { line("", "+ " + text_of(layer)); });
    worker["layers"]["missing"].each_element([&](json::Value entry) {
      line("", terminal_.paint(Colour::yellow, "- " + padded(text_of(entry["layer"]), 14) + text_of(entry["why"])));
    });
    line("profile", text_of(worker["profile"]));
    line("process", text_of(worker["pid"]));
    const auto limits = worker["limits"];
    line("memory", mebibytes(number(worker["memory_bytes"])) + " of " + text_of(limits["memory_mb"]) + " MiB, " +
                       mebibytes(number(worker["resident_bytes"])) + " resident");
    auto others = text_of(limits["threads"]) + " threads, " + text_of(limits["descriptors"]) + " descriptors";
    if (limits["cpu_percent"]) others += ", " + text_of(limits["cpu_percent"]) + " % of a core";
    line("limits", others);
    line("processor", seconds(worker["cpu_ms"]));
    line("restarts", std::to_string(restarts(worker)) + "; " + text_of(worker["crashes"]) + " crashes, " +
                         text_of(worker["killed"]) + " killed, " + text_of(worker["at_limit"]) + " at a limit");
    bool first = true;
    worker["last_exits"].each_element([&](json::Value exit) {
      line(first ? "last exits" : "", padded(age(exit["at"], now_), 12) + text_of(exit["how"]));
      first = false;
    });
  }

  const Terminal& terminal_;
  const WallTime now_;
  std::string text_;
};

} // namespace

std::vector<std::string> connector_heads() {
  return {"connector", "plugin", "state",    "breaker", "isolation", "memory",
          "restarts",  "calls",  "failures", "at once", "sections"};
}

std::vector<std::string> connector_row(json::Value c) {
  const auto worker = c["worker"];
  return {text_of(c["name"]),
          text_of(c["plugin"]) + " " + text_of(c["version"]),
          state(c),
          breaker(c),
          isolation(c),
          worker ? mebibytes(number(worker["memory_bytes"])) : "",
          worker ? std::to_string(restarts(worker)) : "",
          text_of(c["calls"]),
          text_of(c["failures"]),
          at_once(c),
          joined(c["sections"])};
}

std::string view_connector(json::Value connector, const Terminal& terminal, WallTime now) {
  return View(terminal, now).of(connector);
}

} // namespace plugboard::cli
