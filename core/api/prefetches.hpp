// The prefetches under way, whichever thread they are on, so that each can be called off: the telephone rang, and fell
// silent. [any thread]
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace plugboard::api {

class Prefetches {
 public:
  // Ends one from whichever thread calls it, soon. Not called once the Entry is gone; at the same time it may be.
  using CallOff = std::function<void()>;

  struct Owner {
    std::string tenant, client;

    bool operator==(const Owner&) const = default;
  };

  class Entry { // for as long as it is under way. The Prefetches outlive it
   public:
    Entry() = default;
    Entry(Entry&& other) noexcept;
    Entry& operator=(Entry&& other) noexcept;
    ~Entry();

   private:
    friend class Prefetches;
    Prefetches* all_ = nullptr;
    std::string id_;
  };

  [[nodiscard]] Entry enter(std::string id, Owner owner, CallOff call_off);
  // Another's, one that is over and one that never was are left alone alike.
  void call_off(const std::string& id, const Owner& owner);

 private:
  void leave(const std::string& id); // needs no memory

  std::mutex mutex_;
  std::unordered_map<std::string, std::pair<Owner, CallOff>> under_way_;
};

} // namespace plugboard::api
