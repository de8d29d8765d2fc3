// What a process has of its heap, to the byte: an allocator that keeps accounts, loaded before libc's into the process
// that is to be looked at, and the page that both look at. [any thread]
#pragma once

#include "tests/support/temp_folder.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

namespace plugboard::test {

struct AccountsPage {                           // shared with the process
  std::atomic<std::int64_t> in_use{0}, most{0}; // bytes, with what the allocator adds to each piece
};

class Accounts {
 public:
  Accounts();
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  std::map<std::string, std::string> environment() const; // of the process

  std::int64_t in_use() const { return page_->in_use; }

  std::int64_t most() const { return page_->most; } // since the last forget_most()

  void forget_most() { page_->most = page_->in_use.load(); }

 private:
  TempFolder folder_;
  AccountsPage* page_;
};

} // namespace plugboard::test
