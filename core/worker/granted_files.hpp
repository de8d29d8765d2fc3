// plugboard.host.files/1 in a worker: granted files as bytes that the hub sent, granted folders where the launcher
// mounted them. [any thread]
#pragma once

#include "core/wire/messages.hpp"

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace plugboard::worker {

class GrantedFiles {
 public:
  using Receive = void (*)(void* user, plugboard_str text);

  explicit GrantedFiles(const wire::Setup& setup);

  std::int32_t watch(std::string_view path, void* user, Receive receive);
  std::int32_t locate(std::string_view path, void* user, Receive receive) const;
  void changed(const wire::FileChanged& change); // [the loop's thread]

 private:
  struct File {
    std::string path;
    bool readable = false;
    std::string bytes;
    std::vector<std::pair<void*, Receive>> watchers;
    std::mutex handing_over; // never two at once for one file
  };

  struct Folder {
    std::string path, local;
  };

  std::deque<File> files_;
  std::vector<Folder> folders_;
};

} // namespace plugboard::worker
