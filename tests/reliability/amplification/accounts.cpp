#include "tests/reliability/amplification/accounts.hpp"

#include "tests/support/descriptor.hpp"

#include <sys/mman.h>

#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <unistd.h>

namespace plugboard::test {

Accounts::Accounts() {
  const Descriptor file(::open((folder_ / "accounts").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file.get() < 0 || ::ftruncate(file.get(), sizeof(AccountsPage)) != 0)
    throw std::runtime_error("the accounts' page can't be made");
  void* at = ::mmap(nullptr, sizeof(AccountsPage), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (at == MAP_FAILED) throw std::runtime_error("the accounts' page can't be mapped");
  page_ = new (at) AccountsPage;
}

Accounts::~Accounts() {
  ::munmap(page_, sizeof(AccountsPage));
}

std::map<std::string, std::string> Accounts::environment() const {
  return {{"LD_PRELOAD", PLUGBOARD_ACCOUNTS_LIBRARY}, {"PLUGBOARD_TEST_ACCOUNTS", folder_ / "accounts"}};
}

} // namespace plugboard::test
