// The host's granted files, as the test writes them. [any thread]
#pragma once

#include <plugboard/host.hpp>

#include <map>
#include <mutex>

namespace plugboard::testkit {

class FakeFiles {
 public:
  // Grants the file, or changes it: who watches it is told on this thread, before this returns.
  void write(std::string path, std::string bytes) {
    std::lock_guard lock(mutex_);
    auto& text = granted_[std::move(path)] = std::move(bytes);
    for (auto& watcher : watchers_)
      if (&granted_.find(watcher.path)->second == &text) watcher.changed(watcher.user, str(*text));
  }

  // Grants a file that can't be read, until it is written.
  void grant_unreadable(std::string path) {
    std::lock_guard lock(mutex_);
    granted_[std::move(path)] = std::nullopt;
  }

  // "data/" stands for the folder at `local` ("/tmp/x/").
  void grant_folder(std::string granted, std::string local) {
    std::lock_guard lock(mutex_);
    folders_[std::move(granted)] = std::move(local);
  }

  std::int32_t watch(std::string_view path, void* user, void (*changed)(void*, plugboard_str)) {
    std::lock_guard lock(mutex_); // held during changed(): never two at once
    auto found = granted_.find(path);
    if (found == granted_.end()) return PLUGBOARD_EGRESS_DENIED;
    watchers_.push_back({std::string(path), user, changed});
    if (!found->second) return PLUGBOARD_FAILED;
    changed(user, str(*found->second));
    return PLUGBOARD_OK;
  }

  std::int32_t locate(std::string_view path, void* user, void (*receive)(void*, plugboard_str)) {
    std::lock_guard lock(mutex_);
    if (path.find("..") != path.npos) return PLUGBOARD_EGRESS_DENIED;
    for (const auto& [granted, local] : folders_) {
      if (!path.starts_with(granted)) continue;
      auto there = local + std::string(path.substr(granted.size()));
      receive(user, str(there));
      return PLUGBOARD_OK;
    }
    return PLUGBOARD_EGRESS_DENIED;
  }

  void end_watches() {
    std::lock_guard lock(mutex_);
    watchers_.clear();
  }

 private:
  struct Watcher {
    std::string path;
    void* user;
    void (*changed)(void*, plugboard_str);
  };

  std::recursive_mutex mutex_; // changed() may watch another file
  std::map<std::string, std::optional<std::string>, std::less<>> granted_;
  std::map<std::string, std::string, std::less<>> folders_;
  std::vector<Watcher> watchers_;
};

} // namespace plugboard::testkit
