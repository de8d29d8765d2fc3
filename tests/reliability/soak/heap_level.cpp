// Loaded into the hub under soak (LD_PRELOAD): writes every half second how many bytes of its heap are in use into the
// file that PLUGBOARD_HEAP_LEVEL names. What is resident says less: it also holds what the allocator keeps.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

namespace {

void write_levels(int fd) {
  for (;;) {
    const auto heap = ::mallinfo2();
    char text[32];
    const int size = std::snprintf(text, sizeof text, "%20zu\n", heap.uordblks + heap.hblkhd);
    if (::pwrite(fd, text, static_cast<std::size_t>(size), 0) != size) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

[[gnu::constructor]] void begin() {
  const char* file = std::getenv("PLUGBOARD_HEAP_LEVEL");
  const int fd = file ? ::open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (fd >= 0) std::thread(write_levels, fd).detach();
}

} // namespace
