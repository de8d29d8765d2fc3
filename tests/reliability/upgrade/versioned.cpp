// Answers with its own version and build, and leaves something behind that keeps a library mapped: which, the build
// says. Version 3.0.0 does not start.
#include <plugboard/plugin.hpp>

#include <link.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace {

using namespace plugboard;

constexpr const char* kVersion = PLUGBOARD_PLUGIN_VERSION;

// The build-id of the object that this code is in, as it is mapped.
struct BuildId {
  std::string hex;

  static int look(dl_phdr_info* object, std::size_t, void* user) {
    const auto here = reinterpret_cast<ElfW(Addr)>(&look);
    bool is_here = false;
    for (int i = 0; i < object->dlpi_phnum; ++i) {
      const auto& part = object->dlpi_phdr[i];
      const auto from = object->dlpi_addr + part.p_vaddr;
      is_here = is_here || (part.p_type == PT_LOAD && here >= from && here < from + part.p_memsz);
    }
    for (int i = 0; is_here && i < object->dlpi_phnum; ++i)
      if (object->dlpi_phdr[i].p_type == PT_NOTE)
        static_cast<BuildId*>(user)->read(
            reinterpret_cast<const char*>(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr),
            object->dlpi_phdr[i].p_memsz);
    return is_here ? 1 : 0;
  }

  void read(const char* at, std::size_t left) {
    while (left > sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) head;
      std::memcpy(&head, at, sizeof head);
      const std::size_t name = (head.n_namesz + 3U) & ~3U, size = (head.n_descsz + 3U) & ~3U;
      const char* text = at + sizeof head + name;
      if (head.n_type == NT_GNU_BUILD_ID && std::strcmp(at + sizeof head, "GNU") == 0)
        for (unsigned i = 0; i < head.n_descsz; ++i)
          for (const int shift : {4, 0}) hex += "0123456789abcdef"[(static_cast<unsigned char>(text[i]) >> shift) & 15];
      const std::size_t all = sizeof head + name + size;
      if (all > left) return;
      at += all;
      left -= all;
    }
  }
};

#ifdef LEAVES_UNIQUE
template <class T>
struct Shared {
  inline static std::atomic<int> calls{0}; // one symbol for all libraries of a process
};
#endif

#ifdef LEAVES_THREAD_LOCAL
struct Farewell {
  std::string text;

  ~Farewell() { text.clear(); }
};

thread_local Farewell farewell;
#endif

class Versioned : public Lookup {
 public:
  Versioned(Host, std::string_view) {
    if (std::strcmp(kVersion, "3.0.0") == 0) throw std::runtime_error("this version cannot start");
    ::dl_iterate_phdr(&BuildId::look, &build_);
    static const bool left = leave_something(); // once, as long as the library is mapped
    static_cast<void>(left);
  }

  Result<Section> lookup(const Request&) override {
#ifdef LEAVES_UNIQUE
    ++Shared<int>::calls;
#endif
#ifdef LEAVES_THREAD_LOCAL
    farewell.text = build_.hex;
#endif
    return Section{.data = "{\"version\":\"" + std::string(kVersion) + "\",\"build\":\"" + build_.hex + "\"}"};
  }

 private:
  static bool leave_something() {
#ifdef LEAVES_THREAD
    std::thread([] {
      for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
    }).detach();
#endif
#ifdef LEAVES_ATEXIT
    std::atexit([] { at_exit = at_exit + 1; });
#endif
    return true;
  }

#ifdef LEAVES_ATEXIT
  inline static volatile int at_exit = 0;
#endif
  BuildId build_;
};

} // namespace

PLUGBOARD_EXPORT(Versioned)
