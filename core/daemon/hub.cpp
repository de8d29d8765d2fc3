#include "core/daemon/hub.hpp"

#include "core/base/insist.hpp"
#include "core/connector/cgroup_files.hpp"
#include "core/connector/published_shapes.hpp"
#include "core/connector/steady.hpp"
#include "core/daemon/agent_limits.hpp"
#include "core/daemon/read_file.hpp"
#include "core/daemon/worker_program.hpp"

#include <boost/asio/post.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace plugboard::daemon {

Hub::Hub(std::string config_path, Log& log)
    : config_path_(std::move(config_path)), log_(log), shapes_(connector::published_shapes()),
      workers_(std::make_shared<connector::Workers>(worker_program(), std::vector<wire::Layer>(), random_,
                                                    ::geteuid() == 0)) {}

Hub::~Hub() = default;

int Hub::run() {
  Judged judged;
  if (!load(config_, judged) || !open_store(config_, judged) || !start_threads(config_)) return 1;
  answers_ = std::make_unique<context::Answers>(config_.cache_bytes, random_, metrics_);
  std::vector<json::Fault> faults;
  auto generation = build_generation(config_, judged, faults);
  for (const auto& fault : faults) log_.error("config.fault", {{"pointer", fault.pointer}, {"message", fault.message}});
  bool up = generation != nullptr;
  if (up) {
    serve(generation, std::move(judged.config_hash));
    serve_admins(generation, judged.admins);
    renew_tls(judged.tls);
    renew_admin_tls(judged.admin_tls);
    up = listen(config_);
  }
  if (up) {
    await_signals();
    await_tending();
    log_.info("hub.ready", {{"agents", config_.agents.address + ":" + std::to_string(threads_[0]->server->port())},
                            {"admin", config_.admin.socket},
                            {"admin_port", admin_tcp_server_ ? static_cast<int>(admin_tcp_server_->port()) : 0},
                            {"metrics_port", metrics_server_ ? static_cast<int>(metrics_server_->port()) : 0},
                            {"connectors", generation->connectors.size()},
                            {"sections", generation->catalog->sections().size()},
                            {"generation", static_cast<std::int64_t>(generation->number)}});
    generation.reset(); // a reload must be able to retire it
    run_until_stopped();
  }
  generation.reset();
  shut_down();
  return up ? 0 : 1;
}

bool Hub::load(Config& config, Judged& judged) {
  auto text = read_file(config_path_);
  if (!text) {
    log_.error("config.unreadable", {{"file", config_path_}, {"message", text.error().message}});
    return false;
  }
  auto read = read_config(*text, config_path_);
  judged = judge(read.config, resolve_, shapes_, read.faults);
  judge_workers(read.config, why_no_worker(worker_program()), read.faults);
  judge_listener(read.config, resolve_, clock_, random_, judged, read.faults);
  for (const auto& fault : read.faults)
    log_.error("config.fault", {{"pointer", fault.pointer}, {"message", fault.message}});
  config = std::move(read.config);
  if (!read.faults.empty()) return false;
  warn(std::move(judged.warnings));
  return true;
}

// Once each: a reload says only what is new.
void Hub::warn(std::vector<json::Fault> warnings) {
  for (const auto& warning : warnings)
    if (std::none_of(warnings_.begin(), warnings_.end(),
                     [&](const auto& said) { return said.pointer == warning.pointer; }))
      log_.warn("config.warning", {{"pointer", warning.pointer}, {"message", warning.message}});
  warnings_ = std::move(warnings);
}

bool Hub::open_store(const Config& config, Judged& judged) {
  if (::mkdir(config.data_dir.c_str(), 0700) != 0 && errno != EEXIST) {
    log_.error("store.unusable",
               {{"data_dir", config.data_dir}, {"message", "cannot be made; make it, or mend data_dir"}});
    return false;
  }
  store::Database::Options options;
  options.path = config.data_dir + "/plugboard.db";
  options.clock = &clock_;
  auto database = store::Database::open(options, log_, metrics_);
  if (!database) {
    log_.error("store.unusable", {{"data_dir", config.data_dir}, {"message", database.error().message}});
    return false;
  }
  database_ = std::move(*database);
  if (!open_trail(config, judged.keys)) return false;
  auto keys = session::Keys::make(config.current_key, std::move(judged.keys));
  if (!keys) {
    log_.error("keys.unusable", {{"message", keys.error().message}});
    return false;
  }
  keys_ = std::make_unique<session::Keys>(std::move(*keys));
  auto clients = session::Clients::make(*database_, *keys_, clock_, random_, log_, metrics_);
  if (clients) {
    clients_ = std::move(*clients);
    if (auto configured = clients_->configure(std::move(judged.clients)); !configured) {
      log_.error("config.fault", {{"pointer", "/clients"}, {"message", configured.error().message}});
      return false;
    }
    continuations_ = session::Continuations::make(*database_, *keys_, clock_, random_, log_, metrics_);
    auto sessions = session::Sessions::make(*database_, *keys_, config.sessions, clock_, random_, log_, metrics_,
                                            [this](const session::Alarm& alarm) { put_on_record(alarm); });
    if (sessions) {
      sessions_ = session::audited(std::move(*sessions), *trail_, clock_);
      return open_kept();
    }
    clients = sessions.error();
  }
  log_.error("store.unusable", {{"data_dir", config.data_dir}, {"message", clients.error().message}});
  return false;
}

// Where workers come from, while nobody can have asked for one.
void Hub::prepare_workers(const Config& config) {
  workers_->without = config.sandbox_without;
  workers_->use_groups({connector::read_cgroup_file("/proc/self/mountinfo").value_or(""),
                        connector::read_cgroup_file("/proc/self/cgroup").value_or(""), ::getpid()});
  workers_->watch_hogs(clock_);
}

bool Hub::start_threads(const Config& config) {
  prepare_workers(config);
  auto authorities = http::read_authorities(config.upstreams_ca);
  if (!authorities) {
    log_.error("config.fault", {{"pointer", "/upstreams/tls/ca/file"}, {"message", authorities.error().message}});
    return false;
  }
  const http::TlsTrust trust{.ca_file = config.upstreams_ca, .authorities = std::move(*authorities)};
  auto count = config.threads ? config.threads : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < count; ++i) {
    threads_.push_back(std::make_unique<IoThread>(clock_, log_, trust, config.name_servers));
    threads_.back()->run();
  }
  return true;
}

bool Hub::listen(const Config& config) {
  return listen_agents(config) && listen_admin(config);
}

// Each thread its own socket on one port: the kernel spreads connections over them.
bool Hub::listen_agents(const Config& config) {
  auto endpoint = config.agents;
  const auto limits = agent_limits(config.agent_limits, descriptors(), log_);
  for (auto& thread : threads_) {
    auto server = http::Server::listen(
        thread->io(), endpoint, limits, clock_, log_, metrics_,
        [api = thread->agent_api.get()](const http::Request& request, http::Responder responder) {
          api->handle(request, std::move(responder));
        },
        tls_.get());
    if (!server) {
      log_.error("agents.cannot_listen", {{"message", server.error().message}});
      return false;
    }
    thread->server = std::move(*server);
    endpoint.port = thread->server->port();
    endpoint.join = true;
  }
  for (auto& thread : threads_) thread->post([server = thread->server.get()] { server->start(); });
  return true;
}

std::shared_ptr<connector::Connector> Hub::carried_over(std::size_t index, const Judged& judged) const {
  if (!generation_) return nullptr;
  for (std::size_t i = 0; i < generation_->connectors.size(); ++i)
    if (generation_->connectors[i]->settings().name == judged.connectors[index].name &&
        config_hash_[i] == judged.config_hash[index])
      return generation_->connectors[i];
  return nullptr;
}

// Whoever lets go of a connector last (a request, a generation) must not be the one who waits for it to stop.
std::shared_ptr<connector::Connector> Hub::started(connector::Settings settings, Result<void>& outcome) {
  std::vector<connector::Home*> homes;
  for (auto& thread : threads_) homes.push_back(&thread->home());
  settings.libraries = libraries_;
  settings.workers = workers_;
  give_kept(settings);
  auto inner = connector::Connector::start(std::move(settings), shapes_, homes, log_, metrics_);
  if (!inner) {
    outcome = inner.error();
    return nullptr;
  }
  auto connector = std::make_unique<connector::Steady>(std::move(*inner), std::move(homes), random_, log_, metrics_);
  ++live_connectors_;
  std::shared_ptr<connector::Connector> shared(connector.release(), [this](connector::Connector* last) {
    insist([this, last] { // called where nothing may throw
      boost::asio::post(retiring_, [this, last] {
        last->stop();
        log_.info("connector.stopped", {{"connector", last->settings().name}});
        delete last;
        --live_connectors_;
        live_connectors_.notify_all();
      });
    });
  });
  std::erase_if(all_connectors_, [](const auto& one) { return one.expired(); });
  all_connectors_.push_back(shared);
  return shared;
}

api::GenerationPtr Hub::build_generation(const Config& config, Judged& judged, std::vector<json::Fault>& faults) {
  auto generation = std::make_shared<api::Generation>();
  generation->number = next_generation_;
  generation->catalog = judged.catalog;
  generation->purposes = config.purposes;
  generation->shapes = shapes_;
  generation->policy = judged.policy;
  generation->identifier_rules = judged.identifier_rules;
  std::vector<context::AnswerSourcePtr> kept;
  for (std::size_t i = 0; i < judged.connectors.size(); ++i) {
    auto& settings = judged.connectors[i];
    kept.push_back(answers_->source(std::move(judged.answers[i])));
    const auto manifest = settings.plugin.manifest;
    generation->sources.push_back({settings.name, manifest.name, manifest.version});
    if (manifest.authenticate) generation->logins.emplace(settings.name, i);
    if (manifest.logout) generation->logouts.emplace(settings.name, i);
    auto connector = carried_over(i, judged);
    if (!connector) {
      auto pointer = "/connectors/" + settings.name;
      Result<void> outcome;
      connector = started(std::move(settings), outcome);
      if (!connector) faults.push_back({pointer, outcome.error().message});
    }
    generation->connectors.push_back(std::move(connector));
  }
  if (!faults.empty()) return nullptr;
  generation->systems =
      std::make_shared<const context::Systems>(context::Systems{generation->connectors, std::move(kept), *answers_});
  ++next_generation_;
  return generation;
}

// Requests from now on see this generation; those that have begun keep theirs.
void Hub::serve(const api::GenerationPtr& generation, std::vector<std::string> config_hash) {
  generation_ = generation;
  answers_->keep_only(generation->systems->sources);
  config_hash_ = std::move(config_hash);
  for (auto& thread : threads_) {
    if (!thread->agent_api) {
      api::Rooms rooms{thread->home(), *sessions_, *continuations_, *clients_, bad_tries_, *trail_,
                       prefetches_,    clock_,     random_,         log_,      metrics_,   config_.overload};
      thread->agent_api = std::make_unique<api::AgentApi>(rooms, generation);
    } else {
      thread->post([api = thread->agent_api.get(), generation] { api->serve(generation); });
    }
  }
}

} // namespace plugboard::daemon
