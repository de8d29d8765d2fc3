// Counts who is connected to one listener, over all the servers that share it: not too many, and not too many from one
// address. An IPv6 client can have any address of its /64, so those count as one. [any thread]
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace plugboard::http {

class Crowd {
 public:
  class Place { // of one connection; given back when it is gone. The crowd outlives it
   public:
    Place() = default;
    Place(Place&& other) noexcept;
    Place& operator=(Place&& other) noexcept;
    ~Place();

   private:
    friend class Crowd;
    Crowd* crowd_ = nullptr;
    std::string from_;
  };

  enum class Entry : std::uint8_t { welcome = 1, full, too_many_from_there };

  // most_from_one: 0 is a quarter of most, and no limit for this machine itself, where a proxy may speak for everybody.
  Crowd(std::size_t most, std::size_t most_from_one);

  Entry enter(const std::string& address, Place& place); // address: as in Peer. place: filled when welcome

 private:
  void leave(const std::string& from); // needs no memory

  const std::size_t most_, most_from_one_;
  const bool spare_this_machine_;
  std::mutex mutex_;
  std::size_t inside_ = 0;
  std::unordered_map<std::string, std::size_t> from_;
};

} // namespace plugboard::http
