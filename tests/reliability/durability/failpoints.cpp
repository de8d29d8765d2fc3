#include "tests/reliability/durability/failpoints.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <fcntl.h>

#include <stdexcept>

namespace plugboard::test {

Failpoints::Failpoints() {
  const auto file = folder_.write("page", std::string(sizeof(FailPage), '\0'));
  const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  void* page = fd < 0 ? MAP_FAILED : ::mmap(nullptr, sizeof(FailPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (fd >= 0) ::close(fd);
  if (page == MAP_FAILED) throw std::runtime_error("cannot map " + file);
  page_ = static_cast<FailPage*>(page);
}

Failpoints::~Failpoints() {
  ::munmap(page_, sizeof(FailPage));
}

std::map<std::string, std::string> Failpoints::environment() const {
  return {{"LD_PRELOAD", PLUGBOARD_FAILPOINTS_LIBRARY}, {"PLUGBOARD_TEST_FAILPOINTS", folder_ / "page"}};
}

void Failpoints::arm(const Fault& fault) {
  disarm();
  page_->deed = static_cast<std::uint32_t>(fault.deed);
  page_->error = fault.error;
  page_->stays = fault.stays ? 1 : 0;
  page_->nth = fault.nth;
  page_->counted = 0;
  page_->only[fault.only.copy(page_->only, sizeof page_->only - 1)] = '\0';
  page_->hits = 0;
  page_->calls = fault.calls; // last: from here on it counts
}

void Failpoints::disarm() {
  page_->calls = 0;
}

} // namespace plugboard::test
