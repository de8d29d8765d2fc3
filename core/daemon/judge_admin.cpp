#include "core/daemon/build.hpp"

namespace plugboard::daemon {

namespace {

constexpr std::size_t kShortestKey = 32; // more is at stake than with a client's

class JudgingAdmins {
 public:
  JudgingAdmins(const ResolveSecret& resolve, Judged& judged, std::vector<json::Fault>& faults)
      : resolve_(resolve), judged_(judged), faults_(faults) {}

  void judge(const AdminKeyConfig& read) {
    api::ConfiguredAdmin admin{read.admin, take(read, read.key), Secret()};
    if (read.previous_key) admin.previous_key = take(read, *read.previous_key);
    if (!admin.key.empty() && admin.key.equals(admin.previous_key.reveal()))
      faults_.push_back({read.previous_key->pointer, "is the same as \"key\"; take it away, or make a new key"});
    judged_.admins.push_back(std::move(admin));
  }

 private:
  Secret take(const AdminKeyConfig& read, const SecretReference& reference) {
    auto key = resolve_(reference);
    const auto fault = [&](std::string message) {
      faults_.push_back({reference.pointer, std::move(message)});
      return Secret();
    };
    if (!key) return fault(key.error().message);
    if (key->reveal().size() < kShortestKey)
      return fault("the key of admin \"" + read.admin.id +
                   "\" has fewer than 32 characters; make one with: openssl rand -base64 33");
    for (const auto& other : judged_.admins)
      if (other.key.equals(key->reveal()) || other.previous_key.equals(key->reveal()))
        return fault("admins \"" + other.admin.id + "\" and \"" + read.admin.id +
                     "\" have the same key; give each its own");
    for (const auto& client : judged_.clients)
      if (client.key.equals(key->reveal()) || client.previous_key.equals(key->reveal()))
        return fault("client \"" + client.client.id + "\" has the same key; an admin needs one of its own");
    return std::move(*key);
  }

  const ResolveSecret& resolve_;
  Judged& judged_;
  std::vector<json::Fault>& faults_;
};

} // namespace

void judge_admins(const Config& config, const ResolveSecret& resolve, Judged& judged,
                  std::vector<json::Fault>& faults) {
  JudgingAdmins judging(resolve, judged, faults);
  for (const auto& read : config.admin.keys) judging.judge(read);
}

} // namespace plugboard::daemon
